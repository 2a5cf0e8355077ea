#include "config/text/unix_time.hpp"

#include "config/text/number_text.hpp"

#include <charconv>
#include <cmath>

namespace winnow {

namespace {

constexpr std::int64_t day_seconds = 86'400;

/// Seconds from a number of seconds, milliseconds, microseconds or nanoseconds.
template<class T>
std::int64_t in_seconds(T number) {
  constexpr std::int64_t limit = 100'000'000'000;
  while (number >= limit || number <= -limit)
    number /= 1000;
  return static_cast<std::int64_t>(number);
}

/// Reads the parts of a date from front to back.
class date_text {
public:
  explicit date_text(std::string_view text) : rest_(text) {}

  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take(std::string_view wanted) {
    if (rest_.substr(0, wanted.size()) != wanted)
      return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }

  /// Reads a number of exactly `count` digits from `least` to `most`.
  std::optional<std::int64_t> digits(std::size_t count, std::int64_t least, std::int64_t most) {
    if (rest_.size() < count)
      return std::nullopt;
    std::int64_t value = 0;
    for (const char digit : rest_.substr(0, count)) {
      if (digit < '0' || digit > '9')
        return std::nullopt;
      value = value * 10 + (digit - '0');
    }
    rest_.remove_prefix(count);
    return value >= least && value <= most ? std::optional(value) : std::nullopt;
  }

  /// Skips a fraction of a second. Returns false if it has no digits.
  bool pass_fraction() {
    if (!take('.') && !take(','))
      return true;
    const auto end = rest_.find_first_not_of("0123456789");
    const auto count = end == std::string_view::npos ? rest_.size() : end;
    rest_.remove_prefix(count);
    return count > 0;
  }

  bool empty() const { return rest_.empty(); }

private:
  std::string_view rest_;
};

/// Days from 1970-01-01 in the Gregorian calendar, after Howard Hinnant's days_from_civil.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const auto era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = year - era * 400;
  const auto day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const auto day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  const auto after = month == 12 ? days_from_civil(year + 1, 1, 1) : days_from_civil(year, month + 1, 1);
  return after - days_from_civil(year, month, 1);
}

/// Reads `HH:MM`, `HHMM` or, if `short_form`, `HH`. Returns seconds.
std::optional<std::int64_t> parse_hours_and_minutes(date_text& text, bool short_form) {
  const auto hours = text.digits(2, 0, 23);
  if (!hours)
    return std::nullopt;
  if (short_form && text.empty())
    return *hours * 3600;
  text.take(':');
  const auto minutes = text.digits(2, 0, 59);
  if (!minutes)
    return std::nullopt;
  return *hours * 3600 + *minutes * 60;
}

/// Reads a zone. Returns its offset from UTC in seconds.
std::optional<std::int64_t> parse_zone(date_text& text) {
  text.take(' ');
  if (text.empty() || text.take('Z') || text.take('z') || text.take("UTC"))
    return 0;
  const bool west = text.take('-');
  if (!west && !text.take('+'))
    return std::nullopt;
  const auto offset = parse_hours_and_minutes(text, true);
  if (!offset)
    return std::nullopt;
  return west ? -*offset : *offset;
}

std::optional<std::int64_t> parse_time_of_day(date_text& text) {
  auto seconds = parse_hours_and_minutes(text, false);
  if (!seconds)
    return std::nullopt;
  if (text.take(':')) {
    const auto more = text.digits(2, 0, 60); // a leap second
    if (!more || !text.pass_fraction())
      return std::nullopt;
    *seconds += *more;
  }
  const auto zone = parse_zone(text);
  if (!zone || !text.empty())
    return std::nullopt;
  return *seconds - *zone;
}

/// Reads a year, a month and a day. Returns the seconds at midnight. @param separated By `-`.
std::optional<std::int64_t> parse_day(date_text& text, bool separated) {
  const auto year = text.digits(4, 0, 9999);
  if (!year || (separated && !text.take('-')))
    return std::nullopt;
  const auto month = text.digits(2, 1, 12);
  if (!month || (separated && !text.take('-')))
    return std::nullopt;
  const auto day = text.digits(2, 1, days_in_month(*year, *month));
  if (!day)
    return std::nullopt;
  return days_from_civil(*year, *month, *day) * day_seconds;
}

std::optional<std::int64_t> parse_date(std::string_view field) {
  date_text text(field);
  const auto midnight = parse_day(text, true);
  if (!midnight || text.empty())
    return midnight;
  if (!text.take('T') && !text.take('t') && !text.take(' '))
    return std::nullopt;
  const auto time = parse_time_of_day(text);
  if (!time)
    return std::nullopt;
  return *midnight + *time;
}

bool are_eight_digits(std::string_view text) {
  return text.size() == 8 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

std::optional<std::int64_t> parse_unix_time(std::string_view text) {
  text = trimmed(text);
  std::int64_t whole = 0;
  const auto* const end = text.data() + text.size();
  if (const auto [behind, status] = std::from_chars(text.data(), end, whole);
      status == std::errc() && behind == end)
    return in_seconds(whole);
  if (const auto number = parse_decimal(text))
    return in_seconds(*number);
  return parse_date(text);
}

std::optional<std::int64_t> parse_time_or_date(std::string_view text) {
  const auto digits = without_zero_fraction(trimmed(text));
  if (!are_eight_digits(digits))
    return parse_unix_time(text);
  date_text date(digits);
  return parse_day(date, false);
}

} // namespace winnow
