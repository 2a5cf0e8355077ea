#include "tools/winnow-bookshop/page/storefront.hpp"

#include "http/event_stream.hpp"
#include "shop_doubles.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cctype>
#include <future>
#include <thread>

namespace winnow {

namespace {

using nlohmann::json;

struct shown_event {
  std::string name;
  json data;
};

std::vector<shown_event> parsed(const std::string& text) {
  std::vector<shown_event> events;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\n\n", at);
    const auto data = text.find("\ndata: ", at);
    events.push_back(
        {text.substr(at + 7, data - at - 7), json::parse(text.substr(data + 7, end - data - 7))});
    at = end + 2;
  }
  return events;
}

struct storefront_fixture {
  storefront_fixture() {
    item_ids ids;
    for (const auto& book : stock.books)
      ids.push_back(book.id);
    service = std::make_unique<test::service_double>(link, ids);
    client = std::make_unique<service_client>(service->address);
    front = std::make_unique<storefront>(floor, *client);
  }

  static bookshop_options small() {
    bookshop_options options;
    options.books = 300;
    options.readers = 100;
    return options;
  }

  /// What the stream of `answer` got since the last call.
  static std::vector<shown_event> news(const http::response& answer) {
    std::string text;
    answer.events->take(text);
    return parsed(text);
  }

  http::response buy(const std::string& as, const std::string& body) {
    http::response got;
    front->buy(as, body, [&](http::response answer) { got = std::move(answer); });
    return got;
  }

  const bookshop stock = make_bookshop(small());
  const std::string reader = stock.readers[0].id;
  test::link_double link;
  live_shop selling{stock, link, 1};
  std::vector<std::string> complaints;
  shop_floor floor{selling,
                   {2000, std::chrono::seconds(5), [](const std::string&) {},
                    [this](const std::string& message) { complaints.push_back(message); }}};
  std::unique_ptr<test::service_double> service;
  std::unique_ptr<service_client> client;
  std::unique_ptr<storefront> front;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_storefront, storefront_fixture)

BOOST_AUTO_TEST_CASE(shows_a_purchase_on_the_shelf_first_and_then_the_list_of_that_shelf) {
  const auto stream = front->follow(reader);
  const auto begun = news(stream);
  BOOST_REQUIRE(begun.size() == 3U);
  BOOST_TEST(begun[0].name == "shelf");
  BOOST_TEST(begun[1].name == "score");
  BOOST_TEST(begun[2].name == "list");
  BOOST_TEST(begun[2].data["version"] == begun[0].data["version"]);
  BOOST_TEST(begun[2].data["items"].size() == 3U);
  BOOST_TEST(begun[2].data["items"][0]["because"]["title"] == begun[0].data["books"][0]["title"]);

  const auto book = begun[2].data["items"][1]["id"].get<std::string>();
  const auto answer = buy(reader, json{{"book", book}}.dump());
  BOOST_TEST(answer.status == 200U);
  const auto next = news(stream);
  BOOST_REQUIRE(next.size() == 2U);
  BOOST_TEST(next[0].name == "shelf");
  BOOST_TEST(next[0].data["version"] == json::parse(answer.body)["version"]);
  BOOST_TEST(next[0].data["books"][0]["id"] == book);
  BOOST_TEST(next[1].name == "list");
  BOOST_TEST(next[1].data["version"] == next[0].data["version"]);
  for (const auto& item : next[1].data["items"]) {
    BOOST_TEST(item["id"] != book);
    BOOST_TEST(item["because"]["id"] == book); // the double's reason is the newest book
  }
  BOOST_TEST(floor.counts().page_purchases == 1U);
  BOOST_TEST(floor.counts().page_from_list == 1U);
}

BOOST_AUTO_TEST_CASE(shows_all_who_follow_a_reader_the_same) {
  const auto one = front->follow(reader);
  const auto other = front->follow(reader);
  const auto elsewhere = front->follow(stock.readers[1].id);
  for (const auto* const stream : {&one, &other, &elsewhere})
    news(*stream);
  BOOST_TEST(buy(reader, json{{"book", stock.books[250].id}}.dump()).status == 200U);
  BOOST_TEST(news(one).size() == 2U);
  BOOST_TEST(news(other).size() == 2U);
  BOOST_TEST(news(elsewhere).empty());
}

BOOST_AUTO_TEST_CASE(says_why_there_is_no_list_and_shows_the_shelf_nevertheless) {
  const auto stream = front->follow(reader);
  news(stream);
  service->stop();
  BOOST_TEST(buy(reader, json{{"book", stock.books[250].id}}.dump()).status == 200U);
  const auto shown = news(stream);
  BOOST_REQUIRE(shown.size() == 2U);
  BOOST_TEST(shown[0].name == "shelf");
  BOOST_TEST(shown[1].name == "trouble");
  BOOST_TEST(shown[1].data["message"].get<std::string>().find("no winnowd answers at ") == 0U);
  BOOST_TEST(complaints.size() == 1U);
}

BOOST_AUTO_TEST_CASE(refuses_a_purchase_that_is_not_stored) {
  const auto stream = front->follow(reader);
  news(stream);
  link.fails = true;
  const auto answer = buy(reader, json{{"book", stock.books[250].id}}.dump());
  BOOST_TEST(answer.status == 503U);
  BOOST_TEST(news(stream).empty());
  BOOST_TEST(floor.counts().page_purchases == 0U);
}

BOOST_AUTO_TEST_CASE(refuses_what_cannot_be_bought) {
  front->follow(reader);
  const auto owned = stock.books[selling.shelf(0).books[0]].id;
  BOOST_TEST(buy(reader, json{{"book", owned}}.dump()).status == 409U);
  BOOST_TEST(buy(reader, R"({"book":"nothing"})").status == 404U);
  BOOST_TEST(buy("nobody", json{{"book", owned}}.dump()).status == 404U);
  for (const auto* const wrong : {"", "[]", "{}", R"({"book":1})", "{"})
    BOOST_TEST(buy(reader, wrong).status == 422U, wrong);
  BOOST_TEST(front->follow("nobody").status == 404U);
}

BOOST_AUTO_TEST_CASE(finds_books_by_words_and_genre_but_none_of_the_shelf) {
  const auto all = json::parse(front->search(reader, "", "").body)["books"];
  BOOST_TEST(all.size() == 12U);
  for (const auto& book : all)
    BOOST_TEST(!selling.shelf(0).has(*selling.find_book(book["id"].get<std::string>())));
  const auto mystery = json::parse(front->search(reader, "", "Mystery").body)["books"];
  BOOST_TEST(mystery.size() > 3U);
  for (const auto& book : mystery)
    BOOST_TEST(book["genre"] == 0);
  const auto& wanted = all[0];
  auto title = wanted["title"].get<std::string>();
  std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return std::toupper(c); });
  const auto found = json::parse(front->search(reader, title, "").body)["books"];
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0]["id"] == wanted["id"]);
}

BOOST_AUTO_TEST_CASE(leaves_readers_alone_while_somebody_plays_them) {
  // The floor asks before each visit; of the hundred readers, this one is played.
  const auto stream = front->follow(reader);
  const auto version = selling.shelf(0).version;
  std::thread playing([&] { floor.run(); });
  for (bool done = false; !done;) {
    std::promise<std::uint64_t> purchases;
    auto counted = purchases.get_future();
    floor.post([&] { purchases.set_value(floor.counts().purchases); });
    done = counted.get() >= 500;
  }
  floor.stop();
  playing.join();
  BOOST_TEST(selling.shelf(0).version == version);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
