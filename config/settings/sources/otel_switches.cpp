#include "config/settings/sources/otel_switches.hpp"

#include "config/text/ascii.hpp"
#include "config/text/quoted_text.hpp"
#include "config/text/trimmed.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// Without blanks around it, in lower case: OpenTelemetry's values are case-insensitive.
std::string plain(std::string_view text) {
  return lower_case(trimmed(text));
}

/// The exporters of a list such as `otlp,console`.
struct exporter_list {
  bool otlp = false, none = false, others = false;
};

exporter_list read_exporters(std::string_view text) {
  exporter_list read;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto name = plain(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    read.otlp |= name == "otlp";
    read.none |= name == "none";
    read.others |= !name.empty() && name != "otlp" && name != "none";
  }
  return read;
}

} // namespace

std::string otel_switches::take(std::string_view name, std::string_view value, const std::string& place) {
  const auto text = plain(value);
  if (text.empty())
    return {};
  if (name == "OTEL_SDK_DISABLED") {
    sdk_off_ = text == "true" ? place : "";
    return text == "true" || text == "false" ? "" : "expected true or false, got " + quoted_text(value);
  }
  if (name == "OTEL_TRACES_EXPORTER") {
    const auto exporters = read_exporters(text);
    traces_off_ = exporters.none && !exporters.otlp ? place : "";
    return exporters.others ? "expected otlp or none, got " + quoted_text(value) : "";
  }
  return {};
}

} // namespace winnow
