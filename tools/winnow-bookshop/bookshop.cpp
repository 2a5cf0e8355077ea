#include "tools/winnow-bookshop/bookshop.hpp"

#include "models/catalogue/id_table.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/output_file.hpp"
#include "tools/winnow-bookshop/bookshop_stock.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <system_error>

namespace winnow {

namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t opening = 1'546'300'800; // 2019-01-01
constexpr std::int64_t open_days = 3 * 365;

// How readers behave, in percent.
constexpr std::uint32_t of_main_genre = 70;
constexpr std::uint32_t of_second_genre = 20;
constexpr std::uint32_t by_favourite_author = 35;
constexpr std::uint32_t continue_series = 60;
constexpr std::uint32_t stay_with_author = 15;
constexpr std::uint32_t begin_at_the_beginning = 80;
constexpr std::uint32_t change_taste = 35;
constexpr std::uint32_t read_a_lot = 10;
constexpr std::size_t favourites_a_genre = 3;

/// The books of a genre, best-selling first. Draws books in proportion to their sales.
class genre_shelf {
public:
  genre_shelf(std::vector<std::uint32_t> books, random_source& random) : books_(std::move(books)) {
    for (std::size_t left = books_.size(); left > 1; --left)
      std::swap(books_[left - 1], books_[random.below(left)]);
    std::uint64_t sum = 0;
    for (std::size_t rank = 0; rank < books_.size(); ++rank)
      ends_.push_back(sum +=
                      (std::uint64_t{1} << 24U) / (rank + 6)); // Zipf's law, slightly flattened at the top
  }

  std::uint32_t draw(random_source& random) const {
    const std::uint64_t at = random.below(ends_.back());
    return books_[static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), at) - ends_.begin())];
  }

  const std::vector<std::uint32_t>& books() const { return books_; }

private:
  std::vector<std::uint32_t> books_;
  std::vector<std::uint64_t> ends_; // cumulative weights
};

/// Adds readers and their purchases, one reader after the other.
class trade {
public:
  trade(bookshop& shop, random_source& random) : shop_(shop), random_(random), owner_(shop.books.size(), 0) {
    std::vector<std::vector<std::uint32_t>> of_genres(shop.genres.size());
    of_authors_.resize(shop.authors.size());
    for (std::uint32_t at = 0; at < shop.books.size(); ++at) {
      const auto& book = shop.books[at];
      of_genres[book.genre].push_back(at);
      of_authors_[book.author].push_back(at);
      if (book.series == 0)
        continue;
      if (book.series >= series_.size())
        series_.resize(book.series + 1);
      series_[book.series].resize(std::max<std::size_t>(series_[book.series].size(), book.number));
      series_[book.series][book.number - 1] = at;
    }
    for (auto& books : of_genres)
      shelves_.emplace_back(std::move(books), random);
  }

  void add_reader() {
    reader_ = static_cast<std::uint32_t>(shop_.readers.size());
    auto reader = new_reader();
    favourites_.assign(shop_.genres.size(), {});
    for (const auto genre : {reader.genre, reader.second, reader.later_genre})
      if (favourites_[genre].empty())
        for (std::size_t i = 0; i < favourites_a_genre; ++i)
          favourites_[genre].push_back(shop_.books[shelves_[genre].draw(random_)].author);
    buy_books(reader);
    shop_.readers.push_back(std::move(reader));
  }

private:
  bool chance(std::uint32_t percent) { return random_.below(100) < percent; }

  std::uint32_t genre_but(std::initializer_list<std::uint32_t> others) {
    for (;;) {
      const auto genre = random_.below(shop_.genres.size());
      if (std::find(others.begin(), others.end(), genre) == others.end())
        return genre;
    }
  }

  bookshop::reader new_reader() {
    bookshop::reader reader;
    do {
      reader.id = "A";
      for (int i = 0; i < 13; ++i)
        reader.id.push_back("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[random_.below(36)]);
    } while (!ids_.insert(reader.id).second);
    // Makes some genres more popular than others, by taking the lower of two draws half of the time.
    const auto one = random_.below(shop_.genres.size());
    reader.genre = chance(50) ? one : std::min(one, random_.below(shop_.genres.size()));
    reader.second = genre_but({reader.genre});
    reader.later_genre = chance(change_taste) ? genre_but({reader.genre, reader.second}) : reader.genre;
    return reader;
  }

  void buy_books(bookshop::reader& reader) {
    auto count = 7 + random_.below(9);
    count += random_.below(15);
    if (chance(read_a_lot))
      count += 20 + random_.below(51);
    const auto changes_at =
        reader.later_genre != reader.genre ? count * (35 + random_.below(31)) / 100 : count;
    auto time = opening + random_.below(500 * day_seconds);
    const auto mean_gap = (opening + open_days * day_seconds - time) / count;
    std::optional<std::uint32_t> last;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (const auto next = last ? follow_up(*last) : std::nullopt) {
        time += day_seconds + random_.below(9 * day_seconds);
        last = next;
      } else {
        time += 3600 + random_.below(static_cast<std::uint64_t>(2 * mean_gap));
        last = choose(i < changes_at ? reader.genre : reader.later_genre, reader.second);
      }
      if (!last)
        return;
      if (i >= changes_at && reader.drift_time == 0)
        reader.drift_time = time;
      owner_[*last] = reader_ + 1;
      shop_.purchases.push_back({reader_, *last, time});
    }
  }

  bool owned(std::uint32_t book) const { return owner_[book] == reader_ + 1; }

  /// The book that follows `at`, if any: the next of the series or another of the author.
  std::optional<std::uint32_t> follow_up(std::uint32_t at) {
    const auto& book = shop_.books[at];
    if (book.series != 0 && book.number < series_[book.series].size()) {
      const auto next = series_[book.series][book.number];
      if (!owned(next) && chance(continue_series))
        return next;
    }
    if (!chance(stay_with_author))
      return std::nullopt;
    const auto& others = of_authors_[book.author];
    const auto other = from_the_beginning(others[random_.below(others.size())]);
    return owned(other) ? std::nullopt : std::optional(other);
  }

  std::optional<std::uint32_t> choose(std::uint32_t main, std::uint32_t second) {
    const auto taste = random_.below(100);
    const auto genre = taste < of_main_genre                     ? main
                       : taste < of_main_genre + of_second_genre ? second
                                                                 : random_.below(shop_.genres.size());
    for (int tries = 0; tries < 30; ++tries) {
      const auto book = from_the_beginning(draw(genre));
      if (!owned(book))
        return book;
    }
    for (const auto book : shelves_[genre].books())
      if (!owned(book))
        return book;
    return std::nullopt;
  }

  std::uint32_t draw(std::uint32_t genre) {
    const auto& favourites = favourites_[genre];
    if (favourites.empty() || !chance(by_favourite_author))
      return shelves_[genre].draw(random_);
    const auto& books = of_authors_[favourites[random_.below(favourites.size())]];
    return books[random_.below(books.size())];
  }

  /// Most readers start a series with the first book that they have not bought.
  std::uint32_t from_the_beginning(std::uint32_t at) {
    const auto& book = shop_.books[at];
    if (book.series == 0 || !chance(begin_at_the_beginning))
      return at;
    const auto& series = series_[book.series];
    const auto first =
        std::find_if(series.begin(), series.end(), [this](auto other) { return !owned(other); });
    return first != series.end() ? *first : at;
  }

  bookshop& shop_;
  random_source& random_;
  std::vector<genre_shelf> shelves_;
  std::vector<std::vector<std::uint32_t>> of_authors_;
  std::vector<std::vector<std::uint32_t>> series_; // by series: the books in order
  id_table ids_;
  std::uint32_t reader_ = 0;
  std::vector<std::uint32_t> owner_;                   // by book: the last reader who bought it, plus 1
  std::vector<std::vector<std::uint32_t>> favourites_; // by genre: the reader's authors
};

} // namespace

bookshop make_bookshop(const bookshop_options& options) {
  bookshop shop;
  random_source random(options.seed);
  stock_bookshop(shop, options.books, random);
  trade selling(shop, random);
  for (std::uint32_t i = 0; i < options.readers; ++i)
    selling.add_reader();
  std::stable_sort(shop.purchases.begin(), shop.purchases.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  return shop;
}

std::string interactions_csv(const bookshop& shop) {
  std::string text = "user_id,item_id,timestamp\n";
  for (const auto& purchase : shop.purchases)
    text += shop.readers[purchase.reader].id + "," + shop.books[purchase.book].id + "," +
            std::to_string(purchase.time) + "\n";
  return text;
}

std::string items_csv(const bookshop& shop) {
  std::string text = "item_id,title,author,genre,price\n";
  for (const auto& book : shop.books) {
    auto pence = std::to_string(100 + book.price_pence % 100);
    pence[0] = '.';
    text += book.id + "," + csv_field(book.title) + "," + csv_field(shop.authors[book.author]) + "," +
            csv_field(shop.genres[book.genre]) + "," + std::to_string(book.price_pence / 100) + pence + "\n";
  }
  return text;
}

std::string truth_csv(const bookshop& shop) {
  std::string text = "user_id,genre_before,genre_after,drift_time\n";
  for (const auto& reader : shop.readers)
    text += reader.id + "," + csv_field(shop.genres[reader.genre]) + "," +
            csv_field(shop.genres[reader.later_genre]) + "," +
            (reader.drift_time != 0 ? std::to_string(reader.drift_time) : "") + "\n";
  return text;
}

result<void> write_bookshop(const bookshop& shop, const std::filesystem::path& dir) {
  std::error_code failed;
  std::filesystem::create_directories(dir, failed);
  if (failed)
    return fail(fault::io_error, dir.string() + ": cannot create the directory: " + failed.message());
  if (auto written = write_file(dir / "interactions.csv", interactions_csv(shop)); !written)
    return written;
  if (auto written = write_file(dir / "items.csv", items_csv(shop)); !written)
    return written;
  return write_file(dir / "truth.csv", truth_csv(shop));
}

} // namespace winnow
