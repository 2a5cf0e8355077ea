#include "models/evaluation/chart.hpp"
#include "models/evaluation/printed_text.hpp"
#include "tools/winnow-bench/run_history.hpp"

#include <algorithm>

namespace winnow::bench {

namespace {

constexpr double width = 760, left = 60, right = 740, panel = 150, head = 34, foot = 20;
constexpr const char* colours[] = {"#1667a8", "#b5371f", "#2c7a3f", "#7a4fa3", "#946200"};

/// The processors of a history, in the order of their first entries.
std::vector<std::string> processors_of(const std::vector<history_entry>& history) {
  std::vector<std::string> names;
  for (const auto& entry : history)
    if (std::find(names.begin(), names.end(), entry.processor) == names.end())
      names.push_back(entry.processor);
  return names;
}

const char* colour_of(std::size_t processor) {
  return colours[processor % std::size(colours)];
}

/// The curve of one figure, from 0 at the bottom of its panel.
class panel_drawing {
public:
  panel_drawing(std::string& svg, const std::vector<history_entry>& history, const headline& figure,
                double top)
      : svg_(svg), history_(history), figure_(figure), top_(top) {
    for (const auto& entry : history)
      if (const auto found = entry.figures.find(figure.name); found != entry.figures.end())
        most_ = std::max(most_, found->second);
  }

  void draw(const std::vector<std::string>& processors) {
    print(svg_, "<text x=\"%.0f\" y=\"%.0f\">%s%s</text>\n", left, top_ + 20, figure_.what,
          figure_.less_is_better ? " (less is better)" : " (more is better)");
    for (const double share : {0.0, 0.5, 1.0}) {
      print(svg_, "<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n", left, right,
            y(share * most_), y(share * most_));
      print(svg_, "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%.2f</text>\n", left - 6,
            y(share * most_) + 4, share * most_);
    }
    for (std::size_t i = 0; i < processors.size(); ++i)
      draw_curve(processors[i], colour_of(i));
  }

private:
  double x(std::size_t at) const {
    const auto steps = std::max<std::size_t>(1, history_.size() - 1);
    return left + (right - left) * static_cast<double>(at) / static_cast<double>(steps);
  }
  double y(double value) const {
    const double bottom = top_ + panel - foot, height = panel - head - foot;
    return bottom - (most_ > 0 ? height * value / most_ : 0);
  }

  void draw_curve(const std::string& processor, const char* colour) {
    std::string points;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      const auto& entry = history_[i];
      const auto found = entry.figures.find(figure_.name);
      if (entry.processor != processor || found == entry.figures.end())
        continue;
      print(points, "%.1f,%.1f ", x(i), y(found->second));
      print(svg_,
            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"><title>%s %.40s: %.4g</title></circle>\n",
            x(i), y(found->second), colour, chart::escaped(entry.time).c_str(),
            chart::escaped(entry.commit).c_str(), found->second);
    }
    svg_ += "<polyline fill=\"none\" stroke=\"" + std::string(colour) + "\" points=\"" + points + "\"/>\n";
  }

  std::string& svg_;
  const std::vector<history_entry>& history_;
  const headline& figure_;
  double top_;
  double most_ = 0;
};

} // namespace

std::string draw_history(const std::vector<history_entry>& history) {
  const auto processors = processors_of(history);
  const double legend = 20 * static_cast<double>(processors.size() + 1);
  const double height = legend + panel * static_cast<double>(headlines().size());
  std::string svg;
  print(svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"sans-serif\" "
        "font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
        width, height);
  for (std::size_t i = 0; i < processors.size(); ++i)
    svg += "<text x=\"" + std::to_string(static_cast<int>(left)) + "\" y=\"" + std::to_string(20 * (i + 1)) +
           "\" fill=\"" + colour_of(i) + "\">" + chart::escaped(processors[i]) + "</text>\n";
  double top = legend;
  for (const auto& figure : headlines()) {
    panel_drawing(svg, history, figure, top).draw(processors);
    top += panel;
  }
  return svg + "</svg>\n";
}

} // namespace winnow::bench
