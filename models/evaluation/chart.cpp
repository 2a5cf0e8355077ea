#include "models/evaluation/chart.hpp"

#include "models/evaluation/printed_text.hpp"

#include <cmath>
#include <cstdio>

namespace winnow::chart {

namespace {

/// A round distance between grid lines that gives three to eight of them.
double grid_step(double highest) {
  const double power = std::pow(10, std::floor(std::log10(highest)));
  for (const double step : {0.1, 0.2, 0.5})
    if (highest / (step * power) <= 8)
      return step * power;
  return power;
}

} // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

void draw_frame(std::string& svg, const std::string& title) {
  print(svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
        "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" "
        "fill=\"white\"/>\n",
        width, height, width, height);
  svg += "<text x=\"60\" y=\"26\" font-size=\"16\">" + escaped(title) + "</text>\n";
}

void draw_grid(std::string& svg, const axis& values) {
  const double step = grid_step(values.highest);
  for (double value = 0; value <= values.highest * 1.0001; value += step) {
    const double y = values.y(value);
    print(svg, "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", left,
          width - right, y, y);
    print(svg, "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%.3g</text>\n", left - 8, y + 4,
          value);
  }
}

} // namespace winnow::chart
