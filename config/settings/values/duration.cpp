#include "config/settings/values/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

namespace winnow {

namespace {

struct time_unit {
  std::string_view name;
  std::int64_t milliseconds;
};

// Largest first: `to_string` uses the first unit that divides the duration.
constexpr std::array<time_unit, 5> time_units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

std::optional<std::int64_t> unit_factor(std::string_view name) {
  for (const auto& unit : time_units)
    if (unit.name == name)
      return unit.milliseconds;
  return std::nullopt;
}

} // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || number < 0)
    return std::nullopt;
  if (number == 0 && stop == end)
    return std::chrono::milliseconds(0);
  const auto factor = unit_factor({stop, static_cast<std::size_t>(end - stop)});
  if (!factor || number > std::numeric_limits<std::int64_t>::max() / *factor)
    return std::nullopt;
  return std::chrono::milliseconds(number * *factor);
}

std::string_view hint_at_unit(std::string_view refused) {
  const bool is_number =
      !refused.empty() && refused.find_first_not_of("0123456789") == std::string_view::npos;
  const bool is_zero = refused.find_first_not_of('0') == std::string_view::npos; // needs no unit
  return is_number && !is_zero ? ", which lacks a unit: ms, s, m, h or d" : "";
}

std::string to_string(std::chrono::milliseconds duration) {
  for (const auto& unit : time_units)
    if (duration.count() != 0 && duration.count() % unit.milliseconds == 0)
      return std::to_string(duration.count() / unit.milliseconds).append(unit.name);
  return "0ms";
}

} // namespace winnow
