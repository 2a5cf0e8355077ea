#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace winnow::bench {

/// What a search found, and what it took.
struct ann_point {
  double recall = 0, microseconds = 0;
  std::string label;
};

/// Draws recall against time (logarithmic, a user on one core) as SVG: the index's efforts as a line, exact
/// search as a dot.
/// @param points At least two, rising time.
std::string draw_ann_plot(const std::string& title, const std::vector<ann_point>& points,
                          const ann_point& exact);

} // namespace winnow::bench
