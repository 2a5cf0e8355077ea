#include "models/evaluation/evaluation_plot.hpp"

#include "models/evaluation/printed_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace winnow {

namespace {

// In pixels.
constexpr double width = 720, height = 400, left = 60, right = 20, top = 70, bottom = 50;
constexpr double plot_height = height - top - bottom;

struct bar_style {
  const char* colour;
  const char* label;
};
constexpr bar_style ndcg_style{"#3b6fb6", "NDCG"};
constexpr bar_style hit_rate_style{"#e0a030", "HR"};

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

/// A round distance between grid lines that gives three to eight of them.
double grid_step(double highest) {
  const double power = std::pow(10, std::floor(std::log10(highest)));
  for (const double step : {0.1, 0.2, 0.5})
    if (highest / (step * power) <= 8)
      return step * power;
  return power;
}

/// The value axis from 0 to `highest`.
struct axis {
  double highest;

  double y(double value) const { return top + plot_height * (1 - value / highest); }
};

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
  print(svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\" "
        "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" "
        "fill=\"white\"/>\n",
        width, height, width, height);
  svg += "<text x=\"60\" y=\"26\" font-size=\"16\">" + escaped(title) + "</text>\n";
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
