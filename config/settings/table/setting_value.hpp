#pragma once

#include "config/settings/settings.hpp"
#include "config/settings/values/duration.hpp"
#include "config/text/number_text.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace winnow {

/// The name of a choice, in settings and in the log.
std::string_view to_string(log_level level) noexcept;
std::string_view to_string(log_format format) noexcept;
std::string_view to_string(ranker_engine engine) noexcept;
std::string_view to_string(table_precision precision) noexcept;
std::string_view to_string(trace_sampler sampler) noexcept;
std::string_view to_string(kafka_format format) noexcept;
std::string_view to_string(store_tls::proof asked_for) noexcept;

/// Parses the text of a setting into `value`. Words may be in any case. Returns false and leaves `value`
/// unchanged if the text is invalid.
bool read_value(std::string_view text, bool& value);
bool read_value(std::string_view text, std::string& value);
bool read_value(std::string_view text, std::chrono::milliseconds& value);
bool read_value(std::string_view text, log_level& value);
bool read_value(std::string_view text, log_format& value);
bool read_value(std::string_view text, ranker_engine& value);
bool read_value(std::string_view text, table_precision& value);
bool read_value(std::string_view text, trace_sampler& value);
bool read_value(std::string_view text, double& value);
bool read_value(std::string_view text, kafka_format& value);
bool read_value(std::string_view text, store_tls::proof& value);

template<class Integer, std::enable_if_t<std::is_integral_v<Integer>, int> = 0>
bool read_value(std::string_view text, Integer& value) {
  const auto number = parse_integer<Integer>(text);
  value = number.value_or(value);
  return number.has_value();
}

/// A setting's value in the form that `read_value` reads.
std::string print_value(bool value);
std::string print_value(const std::string& value);
std::string print_value(std::chrono::milliseconds value);
std::string print_value(log_level value);
std::string print_value(log_format value);
std::string print_value(ranker_engine value);
std::string print_value(table_precision value);
std::string print_value(trace_sampler value);
std::string print_value(double value);
std::string print_value(kafka_format value);
std::string print_value(store_tls::proof value);

template<class Integer, std::enable_if_t<std::is_integral_v<Integer>, int> = 0>
std::string print_value(Integer value) {
  return std::to_string(value);
}

/// A number of bytes, also with a unit of powers of 1024: `1000`, `512k`, `64MB`, `2GiB`. Returns nullopt if
/// it is none, or too large.
std::optional<std::size_t> parse_bytes(std::string_view text);

} // namespace winnow
