#include "config/text/unix_time.hpp"

#include "config/text/number_text.hpp"

#include <cmath>

namespace winnow {

namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t year_10000 = 253'402'300'800;

/// The unit of a number is the largest one in which it is less than the seconds from 1970 to the year 10000.
/// Each unit ends where the next one begins: seconds in 9999, so milliseconds begin in January 1978,
/// microseconds on the fourth day of 1970. nullopt for numbers that no unit fits.
template<class T>
std::optional<std::int64_t> in_seconds(T number) {
  constexpr std::int64_t milli = 1'000, micro = 1'000'000, nano = 1'000'000'000;
  for (const auto per_second : {std::int64_t{1}, milli, micro, nano}) {
    const auto seconds = number / static_cast<T>(per_second);
    if (seconds < year_10000 && seconds > -year_10000)
      return static_cast<std::int64_t>(seconds);
  }
  return std::nullopt;
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
  bool begins_with_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

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

/// A time of day, or an offset from UTC, up to its minutes.
struct hours_and_minutes {
  std::int64_t seconds = 0;
  bool separated = false; ///< By `:`.
};

/// Reads `HH:MM`, `HHMM` or, if `short_form`, `HH`.
std::optional<hours_and_minutes> parse_hours_and_minutes(date_text& text, std::int64_t most_hours,
                                                         bool short_form) {
  const auto hours = text.digits(2, 0, most_hours);
  if (!hours)
    return std::nullopt;
  if (short_form && text.empty())
    return hours_and_minutes{*hours * 3600, false};
  const bool separated = text.take(':');
  const auto minutes = text.digits(2, 0, 59);
  if (!minutes)
    return std::nullopt;
  return hours_and_minutes{*hours * 3600 + *minutes * 60, separated};
}

/// Reads a zone. Returns its offset from UTC in seconds.
std::optional<std::int64_t> parse_zone(date_text& text) {
  text.take(' ');
  if (text.empty() || text.take('Z') || text.take('z') || text.take("UTC"))
    return 0;
  const bool west = text.take('-');
  if (!west && !text.take('+'))
    return std::nullopt;
  const auto offset = parse_hours_and_minutes(text, 23, true);
  if (!offset)
    return std::nullopt;
  return west ? -offset->seconds : offset->seconds;
}

/// Reads a time of day and its zone, in the extended form (`22:45:07+02:00`) or the basic one
/// (`224507+0200`). 24:00 is the end of the day.
std::optional<std::int64_t> parse_time_of_day(date_text& text) {
  const auto minute = parse_hours_and_minutes(text, 24, false);
  if (!minute)
    return std::nullopt;
  auto seconds = minute->seconds;
  if (minute->separated ? text.take(':') : text.begins_with_digit()) {
    const auto more = text.digits(2, 0, 60); // a leap second
    if (!more || !text.pass_fraction())
      return std::nullopt;
    seconds += *more;
  }
  if (seconds > day_seconds)
    return std::nullopt;
  const auto zone = parse_zone(text);
  if (!zone || !text.empty())
    return std::nullopt;
  return seconds - *zone;
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

/// Reads `2030-12-31`, `2030-12-31T…` or `20301231T…`.
std::optional<std::int64_t> parse_date(std::string_view field) {
  constexpr std::size_t year_digits = 4;
  date_text text(field);
  const auto midnight = parse_day(text, field.size() > year_digits && field[year_digits] == '-');
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
  if (const auto whole = parse_integer<std::int64_t>(text))
    return in_seconds(*whole);
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
