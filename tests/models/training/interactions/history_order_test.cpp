#include "models/training/interactions/interaction_reader.hpp"
#include "models/training/support/random.hpp"
#include "tests/models/training/files.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

/// A folder as the offline job writes it: `train_data.csv` records the order in which a user took items.
namespace winnow {

namespace {

constexpr const char* header = "user_id,history_items,candidate_item,label\n";

struct offline_folder {
  test::temp_dir dir;
  row_report report;

  interaction_log read(const std::string& pairs, const std::string& rows,
                       const reading_options& options = {}) {
    test::put(dir, "lightgcn_data.csv", "user_id,item_id\n" + pairs);
    test::put(dir, "train_data.csv", rows);
    return test::need(read_interactions(dir.path(), options, report));
  }

  std::string refusal(const std::string& rows, const reading_options& options) {
    test::put(dir, "lightgcn_data.csv", "user_id,item_id\nu,a\n");
    test::put(dir, "train_data.csv", rows);
    const auto log = read_interactions(dir.path(), options, report);
    BOOST_REQUIRE(!log);
    return log.error().message.substr(dir.path().size() + 1);
  }
};

/// A user's items in order.
std::string items_of(const interaction_log& log, const std::string& user) {
  std::string text;
  for (const auto& event : log.events)
    if (log.users[event.user] == user)
      text += (text.empty() ? "" : " ") + std::string(log.items[event.item]);
  return text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(history_order_suite, offline_folder)

BOOST_AUTO_TEST_CASE(orders_items_as_the_histories_do) {
  const auto log =
      read("u,c\nu,b\nu,a\nv,b\nv,c\n", std::string(header) + "u,a,b,1\nu,a,x,0\nu,a|b,c,1\nv,c,b,1\n");
  BOOST_CHECK_EQUAL(items_of(log, "u"), "a b c");
  BOOST_CHECK_EQUAL(items_of(log, "v"), "c b");
  BOOST_CHECK(log.has_times);
  BOOST_CHECK_EQUAL(log.events.size(), 5u);
  BOOST_CHECK(!log.items.find("x")); // passed over, not taken
  BOOST_CHECK_EQUAL(report.totals(), "9 rows read, 8 used; left out: 1 of items not taken");
  BOOST_CHECK(!report.left_anything_out());
  BOOST_CHECK(std::is_sorted(log.events.begin(), log.events.end(),
                             [](const auto& a, const auto& b) { return a.time < b.time; }));
}

BOOST_AUTO_TEST_CASE(pairs_without_a_history_come_first) {
  const auto log = read("u,z\nu,b\nu,y\nw,q\nw,p\n", std::string(header) + "u,a,b,1\nnew,,k,1\n");
  BOOST_CHECK_EQUAL(items_of(log, "u"), "z y a b");
  BOOST_CHECK_EQUAL(items_of(log, "w"), "q p");
  BOOST_CHECK_EQUAL(items_of(log, "new"), "k");
}

BOOST_AUTO_TEST_CASE(accepts_rows_in_any_order_and_truncated_histories) {
  random_source random(3);
  constexpr std::size_t length = 60, kept = 5;
  std::vector<std::string> items, rows;
  std::string wanted;
  for (std::size_t i = 0; i < length; ++i) {
    items.push_back("i" + std::to_string(i * 37 % length));
    wanted += (i == 0 ? "" : " ") + items.back();
  }
  for (std::size_t i = 0; i < length; ++i) {
    std::string history;
    for (auto h = i < kept ? 0 : i - kept; h < i; ++h)
      history += (history.empty() ? "" : "|") + items[h];
    rows.push_back("u," + history + "," + items[i] + ",1\n");
  }
  for (auto left = rows.size(); left > 1; --left)
    std::swap(rows[left - 1], rows[random.below(left)]);
  std::string text = header;
  for (const auto& row : rows)
    text += row;
  BOOST_CHECK_EQUAL(items_of(read("u,i1\nu,i0\n", text), "u"), wanted);
}

BOOST_AUTO_TEST_CASE(an_item_taken_twice_counts_once) {
  BOOST_CHECK_EQUAL(items_of(read("u,a\n", std::string(header) + "u,a|b|a,c,1\n"), "u"), "a b c");
  BOOST_CHECK_EQUAL(items_of(read("u,a\n", std::string(header) + "u,a|b,c,1\nu,c,a,1\nu,a,d,1\n"), "u"),
                    "a b c d");
  BOOST_CHECK_EQUAL(items_of(read("u,a\n", std::string(header) + "u,a,b,1\nu,b,a,1\n"), "u"), "a b");
}

BOOST_AUTO_TEST_CASE(accepts_columns_in_any_order_quotes_and_gzip_names) {
  const auto log = read(
      "u,b\n", "label,extra,candidate_item,history_items,user_id\n1,,\"b,1\",a,\"u\"\n1.0,,c,\"a|b,1\",u\n");
  BOOST_CHECK_EQUAL(items_of(log, "u"), "b a b,1 c");
}

BOOST_AUTO_TEST_CASE(times_of_the_pairs_have_priority) {
  test::put(dir, "lightgcn_data.csv", "user_id,item_id,timestamp\nu,a,20\nu,b,10\n");
  test::put(dir, "train_data.csv", std::string(header) + "u,a,b,1\n");
  BOOST_CHECK_EQUAL(items_of(test::need(read_interactions(dir.path(), {}, report)), "u"), "b a");
}

BOOST_AUTO_TEST_CASE(names_rows_that_cannot_be_read) {
  const auto rows = std::string(header) + "u,a,b,2\nu,a,b\n,a,b,1\nu,a||b,c,1\nu,a,,0\nu,a,b,1\n";
  const auto log = read("u,b\nu,a\n", rows);
  BOOST_CHECK_EQUAL(items_of(log, "u"), "a b");
  BOOST_CHECK_EQUAL(report.refused, 5u);
  BOOST_REQUIRE_EQUAL(report.complaints.size(), 5u);
  const auto file = dir.path() + "/train_data.csv";
  BOOST_CHECK_EQUAL(report.complaints[0], file + ":2:7: expected a label 0 or 1, got \"2\"");
  BOOST_CHECK_EQUAL(report.complaints[1], file + ":3:1: expected 4 fields, got 3");
  BOOST_CHECK_EQUAL(report.complaints[2], file + ":4:1: expected a user's id, got \"\"");
  BOOST_CHECK_EQUAL(report.complaints[3], file + ":5:3: expected items' ids joined by |, got \"a||b\"");
  BOOST_CHECK_EQUAL(report.complaints[4], file + ":6:5: expected an item's id, got \"\"");
  reading_options strict;
  strict.strict = true;
  BOOST_CHECK_EQUAL(refusal(rows, strict), "train_data.csv:2:7: expected a label 0 or 1, got \"2\"");
}

BOOST_AUTO_TEST_CASE(rows_with_control_characters_in_ids_are_left_out) {
  const auto log = read("u,b\nu,a\n", std::string(header) + "\"u\nv\",a,b,1\nu,a,\"x\ty\",1\nu,\"a|z\r\n\",b,"
                                                            "1\nu,a,b,1\n");
  BOOST_CHECK_EQUAL(items_of(log, "u"), "a b");
  BOOST_CHECK_EQUAL(log.items.size(), 2u);
  BOOST_CHECK_EQUAL(report.refused, 3u);
  BOOST_REQUIRE_EQUAL(report.complaints.size(), 3u);
  const auto place = dir.path() + "/train_data.csv:4:5: expected ids without control characters, got ";
  BOOST_CHECK_EQUAL(report.complaints[1].substr(0, place.size()), place);
}

BOOST_AUTO_TEST_CASE(refuses_other_columns) {
  BOOST_CHECK_EQUAL(
      refusal("user_id,history,candidate_item,label\nu,a,b,1\n", {}),
      "train_data.csv:1:1: expected the columns user_id, history_items, candidate_item and label; "
      "history_items is missing");
}

BOOST_AUTO_TEST_CASE(finds_the_features_in_the_folder) {
  BOOST_CHECK(!features_beside(dir.path()));
  const auto file = test::put(dir, "item_embeddings.csv", "item_id,price\na,1\n");
  BOOST_CHECK(features_beside(dir.path()) == file);
  BOOST_CHECK(!features_beside(file));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
