#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// The two variables with which OpenTelemetry turns off what programs export: `OTEL_SDK_DISABLED=true` and
/// `OTEL_TRACES_EXPORTER=none`. They turn off traces wherever the collector's address comes from.
class otel_switches {
public:
  /// Takes a variable. Other names and empty texts have no effect; the last value of a name counts.
  /// @param place Names the source and the variable.
  /// @return What cannot be used of the value, as "expected …, got …"; empty if all of it can.
  std::string take(std::string_view name, std::string_view value, const std::string& place);

  /// The place of the variable that turns traces off; empty if none does.
  const std::string& off_by() const noexcept { return sdk_off_.empty() ? traces_off_ : sdk_off_; }

private:
  std::string sdk_off_, traces_off_; // the places of the variables that turn off
};

} // namespace winnow
