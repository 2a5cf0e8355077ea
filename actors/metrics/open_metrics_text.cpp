#include "actors/metrics/open_metrics_text.hpp"

#include <charconv>
#include <cmath>
#include <string_view>

namespace winnow {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr std::string_view total_suffix = "_total";

std::string number(double value) {
  if (std::isnan(value))
    return "NaN";
  if (std::isinf(value))
    return value > 0 ? "+Inf" : "-Inf";
  char text[32];
  return {text, std::to_chars(std::begin(text), std::end(text), value).ptr};
}

/// A bucket's bound in the canonical form, which has a point: `1.0`, `0.0001`.
std::string bound(double value) {
  if (std::isinf(value))
    return number(value);
  char digits[64];
  std::string text(digits,
                   std::to_chars(std::begin(digits), std::end(digits), value, std::chars_format::fixed).ptr);
  if (text.find_first_not_of("-0123456789") == std::string::npos)
    text += ".0";
  return text;
}

void append_escaped(std::string& text, std::string_view raw) {
  for (const char c : raw)
    if (c == '\n')
      text += "\\n";
    else if (c == '"' || c == '\\')
      text.append(1, '\\') += c;
    else
      text += c;
}

std::string_view type_name(MetricType type) {
  switch (type) {
  case MetricType::Counter:
    return "counter";
  case MetricType::Gauge:
    return "gauge";
  case MetricType::Histogram:
    return "histogram";
  case MetricType::Summary:
    return "summary";
  default:
    return "unknown";
  }
}

/// Writes the families one by one.
class writer {
public:
  explicit writer(const exemplars& examples) : examples_(examples) {}

  void write(const MetricFamily& family) {
    std::string name = family.name;
    const bool counts = family.type == MetricType::Counter;
    if (counts && name.size() > total_suffix.size() &&
        name.compare(name.size() - total_suffix.size(), total_suffix.size(), total_suffix) == 0)
      name.resize(name.size() - total_suffix.size());
    text_ += "# TYPE " + name + ' ' + std::string(type_name(family.type)) + "\n# HELP " + name + ' ';
    append_escaped(text_, family.help);
    text_ += '\n';
    for (const auto& metric : family.metric)
      switch (family.type) {
      case MetricType::Counter:
        sample(name + "_total", metric, number(metric.counter.value));
        break;
      case MetricType::Gauge:
        sample(name, metric, number(metric.gauge.value));
        break;
      case MetricType::Histogram:
        histogram(name, metric);
        break;
      default: // the daemon has no others
        sample(name, metric, number(metric.untyped.value));
      }
  }

  std::string finish() && { return std::move(text_) + "# EOF\n"; }

private:
  /// @param le The bound of a bucket; empty: none.
  void sample(const std::string& name, const ClientMetric& metric, const std::string& value,
              const std::string& le = {}, const std::string& example = {}) {
    text_ += name;
    std::string labels;
    for (const auto& label : metric.label) {
      labels += (labels.empty() ? "" : ",") + label.name + "=\"";
      append_escaped(labels, label.value);
      labels += '"';
    }
    if (!le.empty())
      labels += (labels.empty() ? "le=\"" : ",le=\"") + le + '"';
    if (!labels.empty())
      text_ += '{' + labels + '}';
    text_ += ' ' + value + example + '\n';
  }

  void histogram(const std::string& name, const ClientMetric& metric) {
    const auto& all = metric.histogram;
    for (std::size_t i = 0; i < all.bucket.size(); ++i)
      sample(name + "_bucket", metric, std::to_string(all.bucket[i].cumulative_count),
             bound(all.bucket[i].upper_bound), example(name, metric, i));
    sample(name + "_count", metric, std::to_string(all.sample_count));
    sample(name + "_sum", metric, number(all.sample_sum));
  }

  std::string example(const std::string& name, const ClientMetric& metric, std::size_t bucket) const {
    const auto found = examples_.of(name, metric.label.empty() ? "" : metric.label.front().value, bucket);
    if (!found)
      return {};
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(found->when.time_since_epoch());
    const auto fraction = std::to_string(1000 + since.count() % 1000).substr(1);
    return " # {trace_id=\"" + found->trace + "\"} " + number(found->value) + ' ' +
           std::to_string(since.count() / 1000) + '.' + fraction;
  }

  const exemplars& examples_;
  std::string text_;
};

} // namespace

std::string open_metrics_text(const std::vector<MetricFamily>& families, const exemplars& examples) {
  writer text(examples);
  for (const auto& family : families)
    if (!family.metric.empty())
      text.write(family);
  return std::move(text).finish();
}

} // namespace winnow
