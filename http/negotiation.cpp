#include "http/negotiation.hpp"

#include "config/text/number_text.hpp"
#include "http/text.hpp"

#include <array>

namespace winnow::http {

namespace {

/// How much a client prefers a media type: by q-value in thousandths, then by the specificity of the range.
struct preference_rank {
  int quality = 0;
  int specificity = 0;

  bool operator<(const preference_rank& other) const noexcept {
    return quality != other.quality ? quality < other.quality : specificity < other.specificity;
  }
};

/// Reads a q-value such as `1`, `0.5` or `0.125`; a malformed one counts as 1, like a missing one.
int thousandths(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1'))
    return 1000;
  int value = (text[0] - '0') * 1000;
  int unit = 100;
  for (std::size_t i = 2; i < text.size() && unit > 0; ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9')
      return 1000;
    value += (text[i] - '0') * unit;
  }
  return std::min(value, 1000);
}

int quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = next_part(parameters, ';');
    if (parameter.size() > 2 && lower(parameter[0]) == 'q' && parameter[1] == '=')
      return thousandths(parameter.substr(2));
  }
  return 1000;
}

int specificity(std::string_view range, std::string_view type) {
  if (equal_ignoring_case(range, type))
    return 3;
  const auto major = type.substr(0, type.find('/') + 1);
  if (range.size() == major.size() + 1 && range.back() == '*' &&
      equal_ignoring_case(range.substr(0, major.size()), major))
    return 2;
  return range == "*/*" ? 1 : 0;
}

/// The rank of `type`; the most specific range that covers it decides (RFC 9110, 12.5.1).
preference_rank rank(std::string_view accept, std::string_view type) {
  preference_rank best;
  while (!accept.empty()) {
    std::string_view item = next_part(accept, ',');
    const int exactness = specificity(next_part(item, ';'), type);
    const int quality = quality_of(item);
    if (exactness > best.specificity || (exactness == best.specificity && quality > best.quality))
      best = {exactness == 0 ? 0 : quality, exactness};
  }
  return best;
}

} // namespace

metrics_type wanted_metrics(std::string_view accept) {
  const preference_rank json = rank(accept, "application/json");
  const preference_rank text = rank(accept, "text/plain");
  const preference_rank open = rank(accept, "application/openmetrics-text");
  constexpr int named = 3;
  if (open.quality > 0 && open.specificity == named && json < open && text.quality <= open.quality)
    return metrics_type::open_metrics;
  return text.quality > 0 && json < text ? metrics_type::prometheus_text : metrics_type::json;
}

bool is_json(std::string_view content_type) {
  const std::string_view type = next_part(content_type, ';');
  constexpr std::string_view prefix = "application/";
  constexpr std::string_view suffix = "+json";
  if (type.size() <= prefix.size() || !equal_ignoring_case(type.substr(0, prefix.size()), prefix))
    return false;
  return equal_ignoring_case(type.substr(prefix.size()), "json") ||
         (type.size() > prefix.size() + suffix.size() &&
          equal_ignoring_case(type.substr(type.size() - suffix.size()), suffix));
}

bool prefers(std::string_view prefer, std::string_view preference) {
  while (!prefer.empty()) {
    std::string_view item = next_part(prefer, ',');
    if (equal_ignoring_case(next_part(item, ';'), preference))
      return true;
  }
  return false;
}

result<bool> bool_parameter(const request& asked, std::string_view name, bool fallback) {
  const auto value = asked.query_parameter(name);
  if (!value)
    return fallback;
  constexpr std::array<std::string_view, 4> yes{"true", "1", "yes", "on"};
  constexpr std::array<std::string_view, 4> no{"false", "0", "no", "off"};
  const auto is_value = [&](std::string_view word) { return equal_ignoring_case(*value, word); };
  if (std::any_of(yes.begin(), yes.end(), is_value))
    return true;
  if (std::any_of(no.begin(), no.end(), is_value))
    return false;
  return fail(fault::invalid_argument, "query parameter '" + std::string(name) +
                                           "': expected true or false, got '" + std::string(*value) + "'");
}

result<std::size_t> number_parameter(const request& asked, std::string_view name, std::size_t fallback,
                                     std::size_t least, std::size_t most) {
  const auto value = asked.query_parameter(name);
  if (!value)
    return fallback;
  const auto number = parse_integer<std::size_t>(*value);
  if (number && *number >= least && *number <= most)
    return *number;
  return fail(fault::invalid_argument, "query parameter '" + std::string(name) +
                                           "': expected a number from " + std::to_string(least) + " to " +
                                           std::to_string(most) + ", got '" + std::string(*value) + "'");
}

} // namespace winnow::http
