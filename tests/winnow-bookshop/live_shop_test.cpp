#include "tools/winnow-bookshop/live/live_shop.hpp"

#include "shop_doubles.hpp"

#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

struct live_fixture {
  live_fixture() {
    options.books = 300;
    options.readers = 100;
    stock = make_bookshop(options);
    selling = std::make_unique<live_shop>(stock, link, 1);
  }

  void open() {
    auto all_open = selling->open_some();
    while (all_open && !*all_open)
      all_open = selling->open_some();
    BOOST_REQUIRE(all_open);
  }

  item_ids ids_of(const reader_shelf& shelf) const {
    item_ids ids;
    for (const auto book : shelf.books)
      ids.push_back(stock.books[book].id);
    return ids;
  }

  bookshop_options options;
  bookshop stock;
  test::link_double link;
  std::unique_ptr<live_shop> selling;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_live_shop, live_fixture)

BOOST_AUTO_TEST_CASE(opens_with_the_purchases_that_models_learned_from) {
  open();
  BOOST_TEST(link.profiles.size() == 100U);
  for (std::size_t at = 0; at < 100; ++at)
    BOOST_REQUIRE(link.profiles.at(stock.readers[at].id) == ids_of(selling->shelf(at)));
}

BOOST_AUTO_TEST_CASE(continues_with_the_profiles_of_an_earlier_run) {
  const auto& reader = stock.readers[7].id;
  link.profiles[reader] = {stock.books[3].id, "a book of another shop"};
  open();
  BOOST_TEST((selling->shelf(7).books == std::vector<std::uint32_t>{3}));
  BOOST_TEST(link.profiles.at(reader).size() == 2U); // not written before there is something to write
}

BOOST_AUTO_TEST_CASE(changes_a_shelf_only_if_the_profile_is_stored) {
  open();
  const auto before = selling->shelf(0);
  const auto book = *selling->find_book(stock.books[0].id);
  link.fails = true;
  BOOST_TEST(!selling->buy(0, book));
  BOOST_TEST((selling->shelf(0).books == before.books));
  BOOST_TEST(selling->shelf(0).version == before.version);
  link.fails = false;
  BOOST_TEST(selling->buy(0, book).has_value());
  BOOST_TEST(selling->shelf(0).version == before.version + 1);
  BOOST_TEST((link.profiles.at(stock.readers[0].id) == ids_of(selling->shelf(0))));
}

BOOST_AUTO_TEST_CASE(keeps_the_newest_books_of_a_long_shelf) {
  open();
  const auto first = selling->shelf(0).books.front();
  for (std::uint32_t book = 0; selling->shelf(0).books.size() < live_shop::shelf_length || book < 250; ++book)
    BOOST_REQUIRE(selling->buy(0, book % 300));
  BOOST_TEST(selling->shelf(0).books.size() == live_shop::shelf_length);
  BOOST_TEST(link.profiles.at(stock.readers[0].id).size() == live_shop::shelf_length);
  BOOST_TEST(selling->shelf(0).books.front() != first);
}

BOOST_AUTO_TEST_CASE(counts_a_visit_without_a_list_as_such) {
  open();
  const auto outcome = selling->visit(0);
  BOOST_REQUIRE((outcome && *outcome));
  BOOST_TEST(!(*outcome)->saw_list);
  scoreboard counts;
  counts.add(**outcome);
  BOOST_TEST(counts.hit_rate() == 0.0);
  BOOST_TEST(counts.without_list == 1U);
}

BOOST_AUTO_TEST_CASE(judges_the_list_and_the_best_sellers_by_the_same_wish) {
  open();
  item_ids everything;
  for (const auto& book : stock.books)
    everything.push_back(book.id);
  const auto visit = [&](std::size_t reader, scoreboard& counts) {
    const auto outcome = selling->visit(reader);
    BOOST_REQUIRE(outcome.has_value());
    if (*outcome) // else the reader has all books of the genre
      counts.add(**outcome);
  };
  scoreboard all_listed;
  for (std::size_t reader = 0; reader < 50; ++reader) {
    link.lists[stock.readers[reader].id] = everything; // so it has what the reader wants, whatever that is
    visit(reader, all_listed);
  }
  BOOST_TEST(all_listed.purchases > 25U);
  BOOST_TEST(all_listed.wanted_rate() == 1.0);
  BOOST_TEST(all_listed.best_wanted_rate() == 1.0); // as many best sellers: all books that the reader lacks
  BOOST_TEST(all_listed.lists_behind == all_listed.purchases); // the list has books that the reader has

  scoreboard nothing_listed;
  for (std::size_t reader = 50; reader < 100; ++reader) {
    link.lists[stock.readers[reader].id] = {"unknown"};
    visit(reader, nothing_listed);
  }
  BOOST_TEST(nothing_listed.hit_rate() == 0.0);
  BOOST_TEST(nothing_listed.lists_behind == 0U);
  BOOST_TEST(selling->unknown_items() == nothing_listed.purchases);
}

BOOST_AUTO_TEST_CASE(lets_readers_buy_as_the_training_data_has_it) {
  open();
  std::size_t loved = 0, bought = 0;
  for (int round = 0; round < 10; ++round)
    for (std::size_t reader = 0; reader < 100; ++reader) {
      const auto outcome = selling->visit(reader);
      BOOST_REQUIRE(outcome.has_value());
      if (!*outcome)
        continue; // the reader has all books of the genre
      const auto genre = stock.books[selling->shelf(reader).books.back()].genre;
      const auto& taste = stock.readers[reader];
      loved += genre == taste.later_genre || genre == taste.second ? 1 : 0;
      ++bought;
    }
  const auto share = static_cast<double>(loved) / static_cast<double>(bought);
  BOOST_TEST(share > 0.8); // 90 % by taste; some books follow others of their author
  BOOST_TEST(share < 1.0);
}

BOOST_AUTO_TEST_CASE(has_guests_and_forgets_everybody) {
  const auto guest = selling->add_guest();
  BOOST_REQUIRE(guest);
  BOOST_TEST(*guest == 100U);
  BOOST_TEST(*selling->find_reader(selling->shelf(*guest).id) == 100U);
  BOOST_TEST(link.profiles.at(selling->shelf(*guest).id).empty());
  BOOST_REQUIRE(selling->buy(*guest, 5));
  open();
  BOOST_TEST(link.profiles.size() == 101U);
  BOOST_REQUIRE(selling->forget_all());
  BOOST_TEST(link.profiles.empty());
  for (std::size_t i = 1; i < live_shop::most_guests; ++i)
    BOOST_REQUIRE(selling->add_guest());
  BOOST_TEST((selling->add_guest().error().cause == fault::overloaded));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
