#include "models/availability/item_updates.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

using namespace winnow;
using namespace winnow::test;
using nlohmann::json;

namespace {

struct updates_fixture {
  item_updates reopened() const {
    item_updates again;
    BOOST_REQUIRE(again.open(file).has_value());
    return again;
  }

  static std::map<std::string, double> numbers(const item_updates& from, const char* attribute) {
    std::size_t misfits = 0;
    std::map<std::string, double> all;
    for (const auto& item : from.values({}, misfits))
      for (const auto& [name, value] : item.values)
        if (name == attribute)
          all[item.item_id] = value.number;
    return all;
  }

  item_attributes read_table(const char* text) const {
    const auto csv = dir.path() / "items.csv";
    std::ofstream(csv) << text;
    return need(item_attributes::read(csv));
  }

  std::size_t lines() const {
    std::ifstream in(file);
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);)
      ++count;
    return count;
  }

  temporary_directory dir;
  std::filesystem::path file = dir.path() / "live" / "items";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(item_updates_suite, updates_fixture)

BOOST_AUTO_TEST_CASE(what_was_written_is_read_again) {
  auto updates = reopened();
  updates.set("a", {{"price", 1}}, 1000);
  updates.set("b", {{"price", 2}}, 1001);
  updates.set("a", {{"price", 3}, {"hidden", true}}, 1002);
  updates.reset("b", 1003);
  BOOST_REQUIRE(updates.write().has_value());
  const auto again = reopened();
  BOOST_CHECK_EQUAL(again.items(), 1u);
  BOOST_CHECK((numbers(again, "price") == std::map<std::string, double>{{"a", 3}}));
  BOOST_CHECK((numbers(again, "hidden") == std::map<std::string, double>{{"a", 1}}));
}

BOOST_AUTO_TEST_CASE(half_a_line_at_the_end_is_left_out) {
  auto updates = reopened();
  updates.set("a", {{"price", 1}}, 1000);
  BOOST_REQUIRE(updates.write().has_value());
  std::ofstream(file, std::ios::app) << R"({"item_id":"b","ti)";
  auto again = reopened();
  BOOST_CHECK_EQUAL(again.items(), 1u);
  again.set("c", {{"price", 2}}, 1001);
  BOOST_REQUIRE(again.write().has_value());
  BOOST_CHECK_EQUAL(reopened().items(), 2u);
}

BOOST_AUTO_TEST_CASE(damaged_lines_are_left_out_and_told) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << R"({"item_id":"a","time":1,"attributes":{"hidden":true}})"
                      << "\n"
                      << R"({"item_id":"b","tim#":1,"attributes":{"hidden":true}})"
                      << "\n"
                      << R"({"item_id":"c","time":1,"attributes":{"hidden":true}})"
                      << "\n"
                      << R"({"item_id":"d")";
  auto updates = reopened();
  BOOST_CHECK((numbers(updates, "hidden") == std::map<std::string, double>{{"a", 1}, {"c", 1}}));
  BOOST_CHECK_EQUAL(updates.damage(),
                    file.string() + ":2: expected an object with item_id, time, and attributes or reset, and "
                                    "the line's end; lines left out: 2 of 4");
  BOOST_REQUIRE(updates.write().has_value());
  const auto again = reopened();
  BOOST_CHECK_EQUAL(again.damage(), "");
  BOOST_CHECK_EQUAL(again.items(), 2u);
}

BOOST_AUTO_TEST_CASE(the_file_does_not_grow_with_the_same_items) {
  auto updates = reopened();
  for (int round = 0; round < 5000; ++round) {
    updates.set("a", {{"price", round}}, 1000 + round);
    if (round % 100 == 0)
      BOOST_REQUIRE(updates.write().has_value());
  }
  BOOST_REQUIRE(updates.write().has_value());
  BOOST_CHECK_LT(lines(), 1500u);
  BOOST_CHECK((numbers(reopened(), "price") == std::map<std::string, double>{{"a", 4999}}));
}

BOOST_AUTO_TEST_CASE(a_reset_is_known_again_also_from_a_file_that_was_rewritten) {
  const auto is_known = [](item_updates updates) {
    return !updates.take({"a", "price", 1000, 1}) && updates.take({"a", "price", 1003, 1});
  };
  auto updates = reopened();
  updates.set("a", {{"price", 1}}, 1000);
  updates.reset("a", 1001);
  updates.set("a", {{"title", "x"}}, 1002);
  BOOST_REQUIRE(updates.write().has_value());
  BOOST_CHECK(is_known(reopened()));
  for (int round = 0; round < 5000; ++round)
    updates.set("b", {{"price", round}}, 2000 + round);
  BOOST_REQUIRE(updates.write().has_value());
  BOOST_CHECK_EQUAL(lines(), 3u);
  const auto again = reopened();
  BOOST_CHECK(is_known(again));
  BOOST_CHECK_EQUAL(again.items(), 2u); // the reset comes before the title
}

BOOST_AUTO_TEST_CASE(a_reset_that_another_replica_tells_is_kept_with_what_was_said_later) {
  auto updates = reopened();
  updates.set("a", {{"price", 1}}, 1000);
  updates.set("a", {{"hidden", true}}, 1002);
  BOOST_CHECK(updates.take({"a", {}, 1001, nullptr}));
  BOOST_CHECK(!updates.take({"c", {}, 1001, nullptr}));
  BOOST_REQUIRE(updates.write().has_value());
  auto again = reopened();
  BOOST_CHECK((numbers(again, "hidden") == std::map<std::string, double>{{"a", 1}}));
  BOOST_CHECK(!again.take({"a", "price", 1000, 1}));
  BOOST_CHECK(!again.take({"c", "price", 1000, 1}));
}

BOOST_AUTO_TEST_CASE(values_yield_to_a_newer_file_that_says_something_about_them) {
  const auto table = read_table("item_id,price\na,1\n");
  auto updates = reopened();
  updates.set("a", {{"price", 5}, {"hidden", true}}, 1000);
  updates.set("b", {{"price", 6}}, 1000);
  BOOST_CHECK_EQUAL(updates.yield_to(table, 1001), 1u);
  BOOST_CHECK((numbers(updates, "price") == std::map<std::string, double>{{"b", 6}}));
  BOOST_CHECK((numbers(updates, "hidden") == std::map<std::string, double>{{"a", 1}}));
  BOOST_REQUIRE(updates.write().has_value());
  BOOST_CHECK((numbers(reopened(), "price") == std::map<std::string, double>{{"b", 6}}));
}

BOOST_AUTO_TEST_CASE(a_later_copy_of_the_same_file_says_nothing_newer) {
  const auto table = read_table("item_id,price,title\na,1,x\nb,2,x\n");
  auto updates = reopened();
  for (const std::string id : {"a", "b", "not in the file"}) {
    const json said{{"price", 5}, {"title", "y"}};
    updates.set(id, said, 1000, said_by(table, id, said));
  }
  BOOST_CHECK_EQUAL(updates.yield_to(table, 2000), 0u);
  BOOST_REQUIRE(updates.write().has_value());
  auto again = reopened(); // what the file said is kept, too
  BOOST_CHECK_EQUAL(again.yield_to(table, 2000), 0u);
  const auto newer = read_table("item_id,price,title\na,3,x\nb,2,x\n");
  BOOST_CHECK_EQUAL(again.yield_to(newer, 999), 0u); // it is older than the values
  BOOST_CHECK_EQUAL(again.yield_to(newer, 2000), 1u);
  BOOST_CHECK((numbers(again, "price") == std::map<std::string, double>{{"b", 5}, {"not in the file", 5}}));
  BOOST_CHECK_EQUAL(again.items(), 3u); // the title of a stays
  BOOST_REQUIRE(again.write().has_value());
  BOOST_CHECK_EQUAL(reopened().yield_to(read_table("item_id,price\nb,2\nnot in the file,1\n"), 2000), 1u);
}

BOOST_AUTO_TEST_CASE(lines_of_earlier_versions_learn_what_the_file_says) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << R"({"item_id":"a","time":1000,"attributes":{"price":5}})"
                      << "\n";
  const auto table = read_table("item_id,price\na,1\n");
  auto updates = reopened();
  BOOST_CHECK_EQUAL(updates.yield_to(table, 999), 0u); // the file was there before the value
  BOOST_REQUIRE(updates.write().has_value());
  BOOST_CHECK_EQUAL(reopened().yield_to(table, 2000), 0u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_is_tried_again) {
  std::ofstream(dir.path() / "live") << "a file where the folder would be";
  item_updates updates;
  BOOST_REQUIRE(updates.open(file).has_value());
  updates.set("a", {{"price", 1}}, 1000);
  BOOST_CHECK(!updates.write());
  updates.set("b", {{"price", 2}}, 1001);
  updates.reset("a", 1002);
  updates.set("a", {{"price", 3}}, 1003);
  BOOST_CHECK(!updates.write());
  std::filesystem::remove(dir.path() / "live");
  BOOST_REQUIRE(updates.write().has_value());
  updates.set("c", {{"price", 4}}, 1004);
  BOOST_REQUIRE(updates.write().has_value());
  BOOST_CHECK((numbers(reopened(), "price") == std::map<std::string, double>{{"a", 3}, {"b", 2}, {"c", 4}}));
}

BOOST_AUTO_TEST_SUITE_END()
