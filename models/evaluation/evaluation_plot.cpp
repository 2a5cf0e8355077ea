#include "models/evaluation/evaluation_plot.hpp"

#include "models/evaluation/chart.hpp"
#include "models/evaluation/printed_text.hpp"

#include <algorithm>
#include <cstdio>

namespace winnow {

namespace {

using namespace chart;

struct bar_style {
  const char* colour;
  const char* label;
};
constexpr bar_style ndcg_style{"#3b6fb6", "NDCG"};
constexpr bar_style hit_rate_style{"#e0a030", "HR"};

const list_quality& shortest(const ranking_quality& ranking) {
  return *std::min_element(ranking.lists.begin(), ranking.lists.end(),
                           [](const list_quality& a, const list_quality& b) { return a.k < b.k; });
}

double highest_value(const evaluation& of) {
  double highest = 0.01;
  for (const auto& ranking : of.rankings)
    for (const auto& bar : {shortest(ranking).ndcg, shortest(ranking).hit_rate})
      highest = std::max(highest, bar.mean + bar.standard_error);
  return highest;
}

void draw_bar(std::string& svg, const axis& values, double x, double bar_width, const mean_with_error& bar,
              const bar_style& style) {
  const double y = values.y(bar.mean);
  const double middle = x + bar_width / 2;
  print(svg,
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"><title>%s %.4f +- "
        "%.4f</title></rect>\n",
        x, y, bar_width, values.y(0) - y, style.colour, style.label, bar.mean, bar.standard_error);
  print(svg, "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#222\"/>\n", middle, middle,
        values.y(bar.mean + bar.standard_error), values.y(std::max(bar.mean - bar.standard_error, 0.0)));
  print(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" font-size=\"11\">%.3f</text>\n", middle,
        values.y(bar.mean + bar.standard_error) - 4, bar.mean);
}

void draw_legend(std::string& svg, std::size_t k) {
  double x = left;
  for (const auto& style : {ndcg_style, hit_rate_style}) {
    print(svg,
          "<rect x=\"%.0f\" y=\"42\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%.0f\" "
          "y=\"53\">%s@%zu</text>\n",
          x, style.colour, x + 18, style.label, k);
    x += 100;
  }
}

} // namespace

std::string evaluation_plot(const evaluation& of, const std::string& title) {
  const axis values{highest_value(of) * 1.08};
  std::string svg;
  draw_frame(svg, title);
  draw_legend(svg, shortest(of.rankings.front()).k);
  draw_grid(svg, values);
  const double group = (width - left - right) / static_cast<double>(of.rankings.size());
  const double bar = group * 0.36;
  double x = left;
  for (const auto& ranking : of.rankings) {
    draw_bar(svg, values, x + group * 0.12, bar, shortest(ranking).ndcg, ndcg_style);
    draw_bar(svg, values, x + group * 0.52, bar, shortest(ranking).hit_rate, hit_rate_style);
    print(svg, "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\">", x + group / 2, height - bottom + 22);
    svg += escaped(ranking.name) + "</text>\n";
    x += group;
  }
  return svg + "</svg>\n";
}

} // namespace winnow
