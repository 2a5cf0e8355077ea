#pragma once

#include <string>

/// What the SVG charts share.
namespace winnow::chart {

// In pixels.
constexpr double width = 720, height = 400, left = 60, right = 20, top = 70, bottom = 50;
constexpr double plot_height = height - top - bottom;

/// The value axis from 0 to `highest`.
struct axis {
  double highest;

  double y(double value) const { return top + plot_height * (1 - value / highest); }
};

/// Text for SVG.
std::string escaped(const std::string& text);

/// Begins the document with its background and title.
void draw_frame(std::string& svg, const std::string& title);

/// Draws lines at round values, with their labels.
void draw_grid(std::string& svg, const axis& values);

} // namespace winnow::chart
