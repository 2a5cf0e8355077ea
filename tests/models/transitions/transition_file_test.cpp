#include "models/transitions/transition_file.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace winnow;
using namespace winnow::test;

id_table catalogue() {
  id_table items;
  for (const char* id : {"a", "b,1", "c"})
    items.insert(id);
  return items;
}

std::string refusal(std::string_view text) {
  const temporary_file file(text);
  const auto read = read_transitions(file.path(), catalogue());
  BOOST_REQUIRE(!read);
  const auto prefix = file.path().string() + ":";
  BOOST_REQUIRE_EQUAL(read.error().message.substr(0, prefix.size()), prefix);
  return read.error().message.substr(prefix.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(transition_file)

BOOST_AUTO_TEST_CASE(reads_rows_in_any_order_and_sorts_them_by_weight) {
  const temporary_file file("item_id,next_item_id,weight\nc,a,0.5\n\"b,1\",a,1\nc,\"b,1\",2.5\n");
  const auto counts = need(read_transitions(file.path(), catalogue()));
  BOOST_CHECK_EQUAL(counts.items(), 3u);
  BOOST_CHECK(counts.after(0).empty());
  BOOST_REQUIRE_EQUAL(counts.after(2).size(), 2u);
  BOOST_CHECK_EQUAL(counts.after(2)[0].item, 1u);
  BOOST_CHECK_EQUAL(counts.after(2)[0].score, 2.5f);
  BOOST_CHECK_EQUAL(counts.after(1)[0].item, 0u);
}

BOOST_AUTO_TEST_CASE(blanks_around_commas_are_not_part_of_ids) {
  const temporary_file file("item_id , next_item_id , weight\nc , a , 0.5\n\"b,1\" , a , 1 \n");
  const auto counts = need(read_transitions(file.path(), catalogue()));
  BOOST_CHECK_EQUAL(counts.after(1).size(), 1u);
  BOOST_CHECK_EQUAL(counts.after(2).size(), 1u);
}

BOOST_AUTO_TEST_CASE(ids_lose_the_fraction_that_pandas_adds_if_all_of_a_column_have_it) {
  id_table items;
  for (const char* id : {"1", "2", "3.0"})
    items.insert(id);
  const temporary_file file("item_id,next_item_id,weight\n1.0,2,1\n2.0,3.0,1\n");
  const auto counts = need(read_transitions(file.path(), items));
  BOOST_CHECK_EQUAL(counts.after(0).size(), 1u);
  BOOST_CHECK_EQUAL(counts.after(1)[0].item, 2u);
}

BOOST_AUTO_TEST_CASE(skips_items_outside_the_catalogue) {
  const temporary_file file("item_id,next_item_id,weight\na,gone,1\ngone,a,1\na,c,1\n");
  BOOST_CHECK_EQUAL(need(read_transitions(file.path(), catalogue())).successors.size(), 1u);
}

BOOST_AUTO_TEST_CASE(errors_name_line_and_column_and_what_was_expected) {
  const std::string head = "item_id,next_item_id,weight\n";
  BOOST_CHECK_EQUAL(refusal("a,c,1\n"), "1:1: expected a header item_id,next_item_id,weight");
  BOOST_CHECK_EQUAL(refusal(""), "1:1: expected a header item_id,next_item_id,weight");
  BOOST_CHECK_EQUAL(refusal(head + "a,c\n"), "2:1: expected 3 fields, got 2");
  for (const std::string wrong : {"x", "-1", "0", "nan", "inf", "1e99", "1 2"})
    BOOST_CHECK_EQUAL(refusal(head + "a,c," + wrong + "\n"),
                      "2:5: expected a positive number, got \"" + wrong + "\"");
  BOOST_CHECK_EQUAL(refusal(head + "a,c,1\nc,a,1\na,c,2\n"),
                    "4:1: expected each pair once, got \"a\" and \"c\" again");
}

BOOST_AUTO_TEST_SUITE_END()
