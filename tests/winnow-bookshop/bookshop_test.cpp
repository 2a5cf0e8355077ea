#include "tools/winnow-bookshop/bookshop.hpp"

#include "models/training/interactions/interaction_reader.hpp"
#include "models/training/interactions/item_metadata.hpp"
#include "tests/models/training/files.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

namespace winnow {

namespace {

const bookshop& default_shop() {
  static const auto shop = make_bookshop({});
  return shop;
}

/// An FNV-1a hash, so that the test does not depend on Winnow's hash library.
std::uint64_t digest(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : text)
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return hash;
}

/// The purchases of each reader, oldest first.
std::vector<std::vector<bookshop::purchase>> by_reader(const bookshop& shop) {
  std::vector<std::vector<bookshop::purchase>> histories(shop.readers.size());
  for (const auto& purchase : shop.purchases)
    histories[purchase.reader].push_back(purchase);
  return histories;
}

bool is_isbn(const std::string& id) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < id.size(); ++i)
    sum += (10 - i) * (id[i] == 'X' ? 10 : static_cast<std::size_t>(id[i] - '0'));
  return id.size() == 10 && sum % 11 == 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bookshop_suite)

BOOST_AUTO_TEST_CASE(has_the_requested_numbers_of_books_and_readers) {
  const auto& shop = default_shop();
  BOOST_TEST(shop.books.size() == 3000U);
  BOOST_TEST(shop.readers.size() == 2000U);
  BOOST_TEST(shop.purchases.size() > 43'000U);
  BOOST_TEST(shop.purchases.size() < 47'000U);
  const auto small = make_bookshop({7, 100, 30});
  BOOST_TEST(small.books.size() == 100U);
  BOOST_TEST(small.readers.size() == 30U);
}

BOOST_AUTO_TEST_CASE(is_the_same_for_the_same_seed_on_every_machine) {
  const bookshop_options options{42, 300, 100};
  const auto one = make_bookshop(options);
  const auto again = make_bookshop(options);
  BOOST_TEST(interactions_csv(one) == interactions_csv(again));
  BOOST_TEST(items_csv(one) == items_csv(again));
  BOOST_TEST(truth_csv(one) == truth_csv(again));
  const auto other = make_bookshop({43, 300, 100});
  BOOST_TEST(interactions_csv(one) != interactions_csv(other));
  BOOST_TEST(items_csv(one) != items_csv(other));
  BOOST_TEST(truth_csv(one) != truth_csv(other));
  BOOST_TEST(digest(interactions_csv(one) + items_csv(one) + truth_csv(one)) == 2742518007908972987U);
}

BOOST_AUTO_TEST_CASE(gives_books_plausible_ids_and_names) {
  std::set<std::string> ids;
  std::set<std::string> titles;
  std::size_t with_zero = 0;
  for (const auto& book : default_shop().books) {
    BOOST_TEST(is_isbn(book.id), book.id);
    ids.insert(book.id);
    titles.insert(book.title);
    with_zero += book.id[0] == '0' ? 1 : 0;
    BOOST_TEST(book.title.find_first_of("{}") == std::string::npos, book.title);
    BOOST_TEST(book.price_pence >= 299U);
  }
  BOOST_TEST(ids.size() == 3000U);
  BOOST_TEST(titles.size() == 3000U);
  BOOST_TEST(with_zero > 1000U);
}

BOOST_AUTO_TEST_CASE(sells_each_book_at_most_once_per_reader_in_time_order) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  std::int64_t last = 0;
  for (const auto& purchase : default_shop().purchases) {
    BOOST_REQUIRE(purchase.time >= last);
    last = purchase.time;
    BOOST_REQUIRE(pairs.emplace(purchase.reader, purchase.book).second);
  }
}

BOOST_AUTO_TEST_CASE(readers_buy_mostly_their_loved_genre) {
  const auto& shop = default_shop();
  double loved = 0;
  double before = 0;
  double after = 0;
  double all_before = 0;
  double all_after = 0;
  std::size_t changed = 0;
  for (const auto& reader : shop.readers)
    changed += reader.drift_time != 0 ? 1 : 0;
  for (const auto& purchase : shop.purchases) {
    const auto& reader = shop.readers[purchase.reader];
    const auto genre = shop.books[purchase.book].genre;
    const bool later = reader.drift_time != 0 && purchase.time >= reader.drift_time;
    loved += genre == (later ? reader.later_genre : reader.genre) ? 1 : 0;
    if (reader.drift_time == 0)
      continue;
    (later ? all_after : all_before) += 1;
    before += !later && genre == reader.later_genre ? 1 : 0;
    after += later && genre == reader.genre ? 1 : 0;
  }
  const auto share = loved / static_cast<double>(shop.purchases.size());
  BOOST_TEST(share > 0.65);
  BOOST_TEST(share < 0.78);
  BOOST_TEST(changed > 600U);
  BOOST_TEST(changed < 800U);
  BOOST_TEST(before / all_before < 0.05); // the later genre is rare before the change
  BOOST_TEST(after / all_after < 0.1);
}

BOOST_AUTO_TEST_CASE(readers_often_continue_a_series_within_days) {
  const auto& shop = default_shop();
  std::size_t could = 0;
  std::size_t continued = 0;
  for (const auto& history : by_reader(shop)) {
    for (std::size_t i = 0; i + 1 < history.size(); ++i) {
      const auto& book = shop.books[history[i].book];
      const auto is_next = [&](const bookshop::book& other) {
        return book.series != 0 && other.series == book.series && other.number == book.number + 1;
      };
      const auto next = std::find_if(shop.books.begin(), shop.books.end(), is_next);
      const auto index = static_cast<std::uint32_t>(next - shop.books.begin());
      const auto has = [index](const bookshop::purchase& purchase) { return purchase.book == index; };
      if (next == shop.books.end() ||
          std::any_of(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(i), has))
        continue;
      ++could;
      continued += has(history[i + 1]) && history[i + 1].time - history[i].time <= 10 * 86'400 ? 1 : 0;
    }
  }
  BOOST_TEST(could > 5000U);
  BOOST_TEST(static_cast<double>(continued) > 0.55 * static_cast<double>(could));
  BOOST_TEST(static_cast<double>(continued) < 0.75 * static_cast<double>(could));
}

BOOST_AUTO_TEST_CASE(sells_few_books_often_and_most_books_rarely) {
  const auto& shop = default_shop();
  std::vector<std::size_t> sold(shop.books.size(), 0);
  for (const auto& purchase : shop.purchases)
    ++sold[purchase.book];
  std::sort(sold.rbegin(), sold.rend());
  std::size_t top = 0;
  for (std::size_t i = 0; i < 300; ++i)
    top += sold[i];
  const auto share = static_cast<double>(top) / static_cast<double>(shop.purchases.size());
  BOOST_TEST(share > 0.25); // share of the best-selling tenth
  BOOST_TEST(share < 0.5);
  BOOST_TEST(sold[2700] > 0U);
}

BOOST_AUTO_TEST_CASE(writes_files_that_the_trainer_reads) {
  const test::temp_dir dir;
  const auto& shop = default_shop();
  const auto out = std::filesystem::path(dir.path()) / "new" / "shop";
  BOOST_REQUIRE(write_bookshop(shop, out));
  row_report report;
  const auto log = test::need(read_interactions(out / "interactions.csv", {}, report));
  BOOST_TEST(log.events.size() == shop.purchases.size());
  BOOST_TEST(log.has_times);
  BOOST_TEST(report.refused == 0U);
  const auto items = test::need(read_item_metadata(out / "items.csv", log.items, {}, report));
  BOOST_TEST(items.describe().find("title left out (") == 0U, items.describe());
  BOOST_TEST(items.describe().find("), author hashed (16), genre one-hot (12), price log-scaled") !=
                 std::string::npos,
             items.describe());
  BOOST_TEST(items.known == log.items.size());
  BOOST_TEST(report.refused == 0U);
  BOOST_TEST(test::bytes_of(out / "truth.csv") == truth_csv(shop));
  BOOST_TEST(!write_bookshop(shop, "/proc/nowhere"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
