#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow {

/// How far a stage is.
struct stage_progress {
  std::string_view stage;
  double share = 0; ///< Of the stage that is done, 0 to 1.
  std::size_t epoch = 0, epochs = 0;
  double rate = 0;         ///< Steps a second.
  double seconds_left = 0; ///< Until the end of the stage.
  double loss = 0;
};

/// `950/s`, `12 k/s` or `1.5 M/s`.
std::string rate_text(double rate);

/// The progress with a bar, on one line of less than `columns` characters: without the bar if that does not
/// fit, and cut if the numbers do not, either.
std::string progress_line(const stage_progress& at, std::size_t columns);

} // namespace winnow
