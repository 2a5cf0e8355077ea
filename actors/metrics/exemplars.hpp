#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace winnow {

/// A measurement, and the trace in which it was made.
struct exemplar {
  std::string trace;
  double value = 0;
  std::chrono::system_clock::time_point when;
};

/// The last exemplar of each bucket of the duration histograms that have one label, or none. Only exported
/// traces leave exemplars, so that each leads to a trace. Thread-safe.
class exemplars {
public:
  /// The oldest exemplar makes room for a further one: labels such as versions come and go.
  static constexpr std::size_t most = 2000;

  /// @param family The histogram's name; static text.
  /// @param label The value of its label; empty: it has none.
  void note(const char* family, std::string_view label, std::chrono::nanoseconds took,
            std::string_view trace);

  /// Returns the exemplar of the bucket with this number, counted from 0; nullopt if it has none.
  std::optional<exemplar> of(std::string_view family, std::string_view label, std::size_t bucket) const;

private:
  using place = std::pair<std::string, std::size_t>; ///< Family and label, separated by a space; bucket.

  void make_room();

  mutable std::mutex mutex_;
  std::map<place, exemplar> last_;
};

} // namespace winnow
