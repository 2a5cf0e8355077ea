#include "config/settings/otel_switches.hpp"

#include "config/text/quoted_text.hpp"

#include <algorithm>
#include <cctype>

namespace winnow {

namespace {

/// Without blanks around it, in lower case: OpenTelemetry's values are case-insensitive.
std::string plain(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  std::string made(text.substr(first, text.find_last_not_of(" \t") - first + 1));
  std::transform(made.begin(), made.end(), made.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return made;
}

/// The exporters of a list such as `otlp,console`.
struct exporter_list {
  bool otlp = false, none = false, others = false;
};

exporter_list read_exporters(std::string_view text) {
  exporter_list read;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto name = plain(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    read.otlp |= name == "otlp";
    read.none |= name == "none";
    read.others |= !name.empty() && name != "otlp" && name != "none";
  }
  return read;
}

} // namespace

std::string otel_switches::take(std::string_view name, std::string_view value, const std::string& place) {
  const auto text = plain(value);
  if (text.empty())
    return {};
  if (name == "OTEL_SDK_DISABLED") {
    sdk_off_ = text == "true" ? place : "";
    return text == "true" || text == "false" ? "" : "expected true or false, got " + quoted_text(value);
  }
  if (name == "OTEL_TRACES_EXPORTER") {
    const auto exporters = read_exporters(text);
    traces_off_ = exporters.none && !exporters.otlp ? place : "";
    return exporters.others ? "expected otlp or none, got " + quoted_text(value) : "";
  }
  return {};
}

} // namespace winnow
