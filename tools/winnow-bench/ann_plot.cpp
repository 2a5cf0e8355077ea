#include "tools/winnow-bench/ann_plot.hpp"

#include "models/evaluation/printed_text.hpp"

#include <algorithm>
#include <cmath>

namespace winnow::bench {

namespace {

constexpr double width = 720, height = 420, left = 70, right = 700, top = 50, bottom = 360;

/// Maps time and recall to coordinates.
struct scales {
  double first_decade, last_decade, least_recall;

  double x(double microseconds) const {
    return left + (right - left) * (std::log10(microseconds) - first_decade) / (last_decade - first_decade);
  }
  double y(double recall) const {
    return bottom - (bottom - top) * (recall - least_recall) / (1 - least_recall);
  }
};

scales scales_for(const std::vector<ann_point>& points, const ann_point& exact) {
  double fastest = exact.microseconds, slowest = exact.microseconds, least = 1;
  for (const auto& point : points) {
    fastest = std::min(fastest, point.microseconds);
    slowest = std::max(slowest, point.microseconds);
    least = std::min(least, point.recall);
  }
  return {std::floor(std::log10(fastest)), std::ceil(std::log10(slowest)),
          std::min(std::floor(least * 20) / 20, 0.95)};
}

void draw_grid(std::string& svg, const scales& at) {
  const double step = at.least_recall < 0.8 ? 0.05 : 0.02;
  for (double recall = 1; recall > at.least_recall - step / 2; recall -= step) {
    const double y = at.y(recall);
    print(svg, "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", left, right, y,
          y);
    print(svg, "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%.2f</text>\n", left - 8, y + 4,
          recall);
  }
  for (double decade = at.first_decade; decade <= at.last_decade; ++decade)
    for (int digit = 1; digit < 10 && (digit == 1 || decade < at.last_decade); ++digit) {
      const double x = at.x(digit * std::pow(10.0, decade));
      print(svg, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" y2=\"%.0f\" stroke=\"%s\"/>\n", x, x, top, bottom,
            digit == 1 ? "#bbb" : "#eee");
      if (digit == 1)
        print(svg, "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\" fill=\"#555\">%g</text>\n", x,
              bottom + 18, std::pow(10.0, decade));
    }
}

void draw_point(std::string& svg, const scales& at, const ann_point& point, const char* colour) {
  print(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n", at.x(point.microseconds),
        at.y(point.recall), colour);
  print(svg, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"11\">%s</text>\n", at.x(point.microseconds) + 6,
        at.y(point.recall) + 14, point.label.c_str());
}

} // namespace

std::string draw_ann_plot(const std::string& title, const std::vector<ann_point>& points,
                          const ann_point& exact) {
  const auto at = scales_for(points, exact);
  std::string svg;
  print(svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\" "
        "font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
        width, height);
  print(svg, "<text x=\"%.0f\" y=\"28\" font-size=\"16\">%s</text>\n", left, title.c_str());
  draw_grid(svg, at);
  print(svg, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"middle\">microseconds a user, one core</text>\n",
        (left + right) / 2, bottom + 42);
  print(svg, "<text transform=\"translate(20 %.0f) rotate(-90)\" text-anchor=\"middle\">recall</text>\n",
        (top + bottom) / 2);
  svg += "<polyline fill=\"none\" stroke=\"#1667a8\" stroke-width=\"2\" points=\"";
  for (const auto& point : points)
    print(svg, "%.1f,%.1f ", at.x(point.microseconds), at.y(point.recall));
  svg += "\"/>\n";
  for (const auto& point : points)
    draw_point(svg, at, point, "#1667a8");
  draw_point(svg, at, exact, "#b5371f");
  return svg + "</svg>\n";
}

} // namespace winnow::bench
