#include "tools/winnow-train/progress_line.hpp"

#include <algorithm>
#include <cstdio>

namespace winnow {

namespace {

std::string clock_text(double left) {
  char text[32];
  const auto whole = static_cast<long>(left + 0.5);
  if (whole >= 3600)
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

std::string bar_of(double share) {
  constexpr std::size_t width = 24;
  const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * width);
  return "[" + std::string(filled, '#') + std::string(width - filled, '.') + "] ";
}

} // namespace

std::string rate_text(double rate) {
  char text[32];
  if (rate >= 1e6)
    std::snprintf(text, sizeof text, "%.1f M/s", rate / 1e6);
  else if (rate >= 1e3)
    std::snprintf(text, sizeof text, "%.0f k/s", rate / 1e3);
  else
    std::snprintf(text, sizeof text, "%.0f/s", rate);
  return text;
}

std::string progress_line(const stage_progress& at, std::size_t columns) {
  char stage[32], numbers[160];
  std::snprintf(stage, sizeof stage, "%-8s ", std::string(at.stage).c_str());
  std::snprintf(numbers, sizeof numbers, "epoch %zu/%zu  %s  %s left  loss %.4f", at.epoch, at.epochs,
                rate_text(at.rate).c_str(), clock_text(at.seconds_left).c_str(), at.loss);
  const auto most = columns - std::min<std::size_t>(columns, 1); // a full line wraps on some terminals
  const auto whole = stage + bar_of(at.share) + numbers;
  return whole.size() <= most ? whole : (std::string(stage) + numbers).substr(0, most);
}

} // namespace winnow
