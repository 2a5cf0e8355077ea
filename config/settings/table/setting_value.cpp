#include "config/settings/table/setting_value.hpp"

#include "config/text/ascii.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>

namespace winnow {

namespace {

constexpr std::array levels{log_level::trace, log_level::debug, log_level::info, log_level::warning,
                            log_level::error};
constexpr std::array formats{log_format::text, log_format::json};
constexpr std::array proofs{store_tls::proof::name, store_tls::proof::authority, store_tls::proof::none};
constexpr std::array precisions{table_precision::single, table_precision::half};
constexpr std::array engines{ranker_engine::native, ranker_engine::torch};
constexpr std::array contents{kafka_format::profiles, kafka_format::events};

constexpr std::array samplers{trace_sampler::always_on,
                              trace_sampler::always_off,
                              trace_sampler::traceidratio,
                              trace_sampler::parentbased_always_on,
                              trace_sampler::parentbased_always_off,
                              trace_sampler::parentbased_traceidratio};

template<class Choices, class Value>
bool read_choice(std::string_view text, const Choices& choices, Value& value) {
  for (const auto choice : choices) {
    if (equal_ignoring_case(to_string(choice), text)) {
      value = choice;
      return true;
    }
  }
  return false;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
  for (const auto choice : choices)
    if (equal_ignoring_case(text, choice))
      return true;
  return false;
}

} // namespace

std::string_view to_string(log_level level) noexcept {
  switch (level) {
  case log_level::trace:
    return "trace";
  case log_level::debug:
    return "debug";
  case log_level::info:
    return "info";
  case log_level::warning:
    return "warning";
  case log_level::error:
    return "error";
  }
  return "unknown";
}

std::string_view to_string(log_format format) noexcept {
  switch (format) {
  case log_format::text:
    return "text";
  case log_format::json:
    return "json";
  }
  return "unknown";
}

std::string_view to_string(store_tls::proof asked_for) noexcept {
  switch (asked_for) {
  case store_tls::proof::name:
    return "name";
  case store_tls::proof::authority:
    return "authority";
  case store_tls::proof::none:
    return "none";
  }
  return "unknown";
}

std::string_view to_string(table_precision precision) noexcept {
  switch (precision) {
  case table_precision::single:
    return "single";
  case table_precision::half:
    return "half";
  }
  return "unknown";
}

std::string_view to_string(ranker_engine engine) noexcept {
  switch (engine) {
  case ranker_engine::native:
    return "native";
  case ranker_engine::torch:
    return "torch";
  }
  return "unknown";
}

std::string_view to_string(trace_sampler sampler) noexcept {
  switch (sampler) {
  case trace_sampler::always_on:
    return "always_on";
  case trace_sampler::always_off:
    return "always_off";
  case trace_sampler::traceidratio:
    return "traceidratio";
  case trace_sampler::parentbased_always_on:
    return "parentbased_always_on";
  case trace_sampler::parentbased_always_off:
    return "parentbased_always_off";
  case trace_sampler::parentbased_traceidratio:
    return "parentbased_traceidratio";
  }
  return "unknown";
}

std::string_view to_string(kafka_format format) noexcept {
  switch (format) {
  case kafka_format::profiles:
    return "profiles";
  case kafka_format::events:
    return "events";
  }
  return "unknown";
}

bool read_value(std::string_view text, bool& value) {
  const bool yes = is_one_of(text, {"true", "on", "yes", "1"});
  if (!yes && !is_one_of(text, {"false", "off", "no", "0"}))
    return false;
  value = yes;
  return true;
}

bool read_value(std::string_view text, std::string& value) {
  value = text;
  return true;
}

bool read_value(std::string_view text, std::chrono::milliseconds& value) {
  const auto read = parse_duration(text);
  if (read)
    value = *read;
  return read.has_value();
}

bool read_value(std::string_view text, log_level& value) {
  return read_choice(text, levels, value);
}
bool read_value(std::string_view text, log_format& value) {
  return read_choice(text, formats, value);
}
bool read_value(std::string_view text, table_precision& value) {
  return read_choice(text, precisions, value);
}
bool read_value(std::string_view text, ranker_engine& value) {
  return read_choice(text, engines, value);
}
bool read_value(std::string_view text, trace_sampler& value) {
  return read_choice(text, samplers, value);
}

bool read_value(std::string_view text, double& value) {
  double number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (text.empty() || failure != std::errc() || stop != end || !std::isfinite(number))
    return false;
  value = number;
  return true;
}

bool read_value(std::string_view text, kafka_format& value) {
  return read_choice(text, contents, value);
}

bool read_value(std::string_view text, store_tls::proof& value) {
  return read_choice(text, proofs, value);
}

std::string print_value(bool value) {
  return value ? "true" : "false";
}
std::string print_value(const std::string& value) {
  return value;
}
std::string print_value(std::chrono::milliseconds value) {
  return to_string(value);
}
std::string print_value(log_level value) {
  return std::string(to_string(value));
}
std::string print_value(log_format value) {
  return std::string(to_string(value));
}
std::string print_value(table_precision value) {
  return std::string(to_string(value));
}
std::string print_value(ranker_engine value) {
  return std::string(to_string(value));
}
std::string print_value(trace_sampler value) {
  return std::string(to_string(value));
}

std::string print_value(double value) {
  char text[32];
  return {text, std::to_chars(std::begin(text), std::end(text), value).ptr};
}
std::string print_value(kafka_format value) {
  return std::string(to_string(value));
}

std::string print_value(store_tls::proof value) {
  return std::string(to_string(value));
}

std::optional<std::size_t> parse_bytes(std::string_view text) {
  constexpr std::string_view units = "kmgt";
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  std::size_t value = 0;
  if (!read_value(text.substr(0, digits), value))
    return std::nullopt;
  std::string unit(text.substr(digits));
  std::transform(unit.begin(), unit.end(), unit.begin(), lower);
  if (unit.empty() || unit == "b")
    return value;
  const auto power = units.find(unit.front());
  const auto rest = std::string_view(unit).substr(1);
  if (power == std::string_view::npos || (!rest.empty() && rest != "b" && rest != "ib"))
    return std::nullopt;
  const auto shift = 10 * (power + 1);
  if (value > (std::numeric_limits<std::size_t>::max() >> shift))
    return std::nullopt;
  return value << shift;
}

} // namespace winnow
