#include "tools/winnow-bookshop/reading_habits.hpp"

#include <algorithm>

namespace winnow {

namespace {

// How readers behave, in percent.
constexpr std::uint32_t of_main_genre = 70;
constexpr std::uint32_t of_second_genre = 20;
constexpr std::uint32_t by_favourite_author = 35;
constexpr std::uint32_t continue_series = 60;
constexpr std::uint32_t stay_with_author = 15;
constexpr std::uint32_t begin_at_the_beginning = 80;

bool chance(std::uint32_t percent, random_source& random) {
  return random.below(100) < percent;
}

/// The reader's favourite authors of a genre; null if it is none that the reader loves, now or later.
const bookshop::authors_of_a_genre* favourites_of(const bookshop::reader& reader, std::uint32_t genre) {
  if (genre == reader.genre)
    return &reader.favourites[0];
  if (genre == reader.second)
    return &reader.favourites[1];
  return genre == reader.later_genre ? &reader.favourites[2] : nullptr;
}

} // namespace

reading_habits::reading_habits(const bookshop& shop) : shop_(shop), of_authors_(shop.authors.size()) {
  for (const auto& books : shop.shelves) {
    std::uint64_t sum = 0;
    auto& ends = sales_.emplace_back();
    for (std::size_t rank = 0; rank < books.size(); ++rank)
      ends.push_back(sum += (std::uint64_t{1} << 24U) / (rank + 6)); // Zipf's law, flattened at the top
  }
  for (std::uint32_t at = 0; at < shop.books.size(); ++at) {
    const auto& book = shop.books[at];
    of_authors_[book.author].push_back(at);
    if (book.series == 0)
      continue;
    if (book.series >= series_.size())
      series_.resize(book.series + 1);
    series_[book.series].resize(std::max<std::size_t>(series_[book.series].size(), book.number));
    series_[book.series][book.number - 1] = at;
  }
}

std::optional<std::uint32_t> reading_habits::next(const bookshop::reader& reader, bool later,
                                                  std::optional<std::uint32_t> last, const ownership& owned,
                                                  random_source& random) const {
  if (last)
    if (const auto found = follow_up(*last, owned, random))
      return found;
  return choose(reader, later, owned, random);
}

std::optional<std::uint32_t> reading_habits::follow_up(std::uint32_t last, const ownership& owned,
                                                       random_source& random) const {
  const auto& book = shop_.books[last];
  if (book.series != 0 && book.number < series_[book.series].size()) {
    const auto next = series_[book.series][book.number];
    if (!owned(next) && chance(continue_series, random))
      return next;
  }
  if (!chance(stay_with_author, random))
    return std::nullopt;
  const auto& others = of_authors_[book.author];
  const auto other = from_the_beginning(others[random.below(others.size())], owned, random);
  return owned(other) ? std::nullopt : std::optional(other);
}

std::optional<std::uint32_t> reading_habits::choose(const bookshop::reader& reader, bool later,
                                                    const ownership& owned, random_source& random) const {
  const auto taste = random.below(100);
  const auto genre = taste < of_main_genre                     ? (later ? reader.later_genre : reader.genre)
                     : taste < of_main_genre + of_second_genre ? reader.second
                                                               : random.below(shop_.genres.size());
  for (int tries = 0; tries < 30; ++tries) {
    const auto book = from_the_beginning(draw_by_taste(reader, genre, random), owned, random);
    if (!owned(book))
      return book;
  }
  for (const auto book : shop_.shelves[genre])
    if (!owned(book))
      return book;
  return std::nullopt;
}

std::uint32_t reading_habits::draw(std::uint32_t genre, random_source& random) const {
  const auto& ends = sales_[genre];
  const std::uint64_t at = random.below(ends.back());
  return shop_.shelves[genre][static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), at) -
                                                       ends.begin())];
}

std::uint32_t reading_habits::draw_by_taste(const bookshop::reader& reader, std::uint32_t genre,
                                            random_source& random) const {
  const auto* const favourites = favourites_of(reader, genre);
  if (favourites == nullptr || !chance(by_favourite_author, random))
    return draw(genre, random);
  const auto& books = of_authors_[(*favourites)[random.below(favourites->size())]];
  return books[random.below(books.size())];
}

/// Most readers start a series with the first book that they have not bought.
std::uint32_t reading_habits::from_the_beginning(std::uint32_t at, const ownership& owned,
                                                 random_source& random) const {
  const auto& book = shop_.books[at];
  if (book.series == 0 || !chance(begin_at_the_beginning, random))
    return at;
  const auto& series = series_[book.series];
  const auto first = std::find_if(series.begin(), series.end(), [&](auto other) { return !owned(other); });
  return first != series.end() ? *first : at;
}

bool reading_habits::tempts(const bookshop::reader& reader, bool later, std::uint32_t at,
                            const ownership& owned) const {
  if (owned(at))
    return false;
  const auto& book = shop_.books[at];
  if (book.series != 0 && book.number > 1) {
    const auto& series = series_[book.series];
    if (std::all_of(series.begin(), series.begin() + book.number - 1, owned))
      return true;
  }
  if (book.genre != reader.second && book.genre != (later ? reader.later_genre : reader.genre))
    return false;
  const auto* const favourites = favourites_of(reader, book.genre);
  return std::find(favourites->begin(), favourites->end(), book.author) != favourites->end();
}

} // namespace winnow
