#include "models/evaluation/chart.hpp"
#include "models/evaluation/printed_text.hpp"
#include "models/evaluation/replay_report.hpp"

#include <algorithm>
#include <cstdio>

namespace winnow {

namespace {

using namespace chart;

struct line_style {
  const char* colour;
  const char* label;
};
constexpr line_style styles[] = {{"#3b6fb6", "frozen"}, {"#e0a030", "live"}};

double highest_rate(const replay_result& of) {
  double highest = 0.01;
  for (const auto& run : of.runs)
    for (const auto& slice : run.slices)
      highest = std::max(highest, slice.hit_rate());
  return highest;
}

void draw_line(std::string& svg, const axis& values, const replay_run& run, const line_style& style) {
  const double step = (width - left - right) / static_cast<double>(run.slices.size());
  std::string points;
  for (std::size_t at = 0; at < run.slices.size(); ++at)
    if (run.slices[at].events > 0)
      print(points, "%.1f,%.1f ", left + step * (static_cast<double>(at) + 0.5),
            values.y(run.slices[at].hit_rate()));
  svg += "<polyline fill=\"none\" stroke-width=\"2.5\" stroke=\"" + std::string(style.colour) +
         "\" points=\"" + points + "\"/>\n";
}

} // namespace

std::string replay_plot(const replay_result& of, const std::string& title) {
  const axis values{highest_rate(of) * 1.08};
  std::string svg;
  draw_frame(svg, title + ": HR@" + std::to_string(of.k) + " over time");
  draw_grid(svg, values);
  double x = left;
  for (std::size_t at = 0; at < of.runs.size(); ++at) {
    draw_line(svg, values, of.runs[at], styles[at]);
    print(svg,
          "<rect x=\"%.0f\" y=\"42\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%.0f\" "
          "y=\"53\">%s %.3f</text>\n",
          x, styles[at].colour, x + 18, styles[at].label, of.runs[at].all.hit_rate());
    x += 120;
  }
  return svg + "</svg>\n";
}

} // namespace winnow
