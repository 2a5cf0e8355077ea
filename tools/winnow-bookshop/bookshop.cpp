#include "tools/winnow-bookshop/bookshop.hpp"

#include "models/catalogue/id_table.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/output_file.hpp"
#include "tools/winnow-bookshop/bookshop_stock.hpp"
#include "tools/winnow-bookshop/reading_habits.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

namespace winnow {

namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t opening = 1'546'300'800; // 2019-01-01
constexpr std::int64_t open_days = 3 * 365;

// How readers behave, in percent.
constexpr std::uint32_t change_taste = 35;
constexpr std::uint32_t read_a_lot = 10;

/// Orders the books of each genre by how well they will sell.
void fill_shelves(bookshop& shop, random_source& random) {
  shop.shelves.resize(shop.genres.size());
  for (std::uint32_t at = 0; at < shop.books.size(); ++at)
    shop.shelves[shop.books[at].genre].push_back(at);
  for (auto& books : shop.shelves)
    for (std::size_t left = books.size(); left > 1; --left)
      std::swap(books[left - 1], books[random.below(left)]);
}

/// Adds readers and their purchases, one reader after the other.
class trade {
public:
  trade(bookshop& shop, random_source& random)
      : shop_(shop), habits_(shop), random_(random), owner_(shop.books.size(), 0) {}

  void add_reader() {
    reader_ = static_cast<std::uint32_t>(shop_.readers.size());
    auto reader = new_reader();
    choose_favourites(reader);
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

  void choose_favourites(bookshop::reader& reader) {
    const std::array<std::uint32_t, 3> genres{reader.genre, reader.second, reader.later_genre};
    for (std::size_t at = 0; at < genres.size(); ++at) {
      if (at == 2 && reader.later_genre == reader.genre) {
        reader.favourites[at] = reader.favourites[0];
        continue;
      }
      for (auto& author : reader.favourites[at])
        author = shop_.books[habits_.draw(genres[at], random_)].author;
    }
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
    const auto owned = [this](std::uint32_t book) { return owner_[book] == reader_ + 1; };
    for (std::uint32_t i = 0; i < count; ++i) {
      if (const auto next = last ? habits_.follow_up(*last, owned, random_) : std::nullopt) {
        time += day_seconds + random_.below(9 * day_seconds);
        last = next;
      } else {
        time += 3600 + random_.below(static_cast<std::uint64_t>(2 * mean_gap));
        last = habits_.choose(reader, i >= changes_at, owned, random_);
      }
      if (!last)
        return;
      if (i >= changes_at && reader.drift_time == 0)
        reader.drift_time = time;
      owner_[*last] = reader_ + 1;
      shop_.purchases.push_back({reader_, *last, time});
    }
  }

  bookshop& shop_;
  reading_habits habits_;
  random_source& random_;
  id_table ids_;
  std::uint32_t reader_ = 0;
  std::vector<std::uint32_t> owner_; // by book: the last reader who bought it, plus 1
};

} // namespace

bookshop make_bookshop(const bookshop_options& options) {
  bookshop shop;
  random_source random(options.seed);
  stock_bookshop(shop, options.books, random);
  fill_shelves(shop, random);
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
