#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace winnow::bench {

/// The recall of a search and the time it took.
struct ann_point {
  double recall = 0, microseconds = 0;
  std::string label;
};

/// Draws recall against time as SVG: the index's efforts as a line, exact search as a dot. The time axis is
/// logarithmic and shows the time per user on one core.
/// @param points At least two, in order of rising time.
std::string draw_ann_plot(const std::string& title, const std::vector<ann_point>& points,
                          const ann_point& exact);

} // namespace winnow::bench
