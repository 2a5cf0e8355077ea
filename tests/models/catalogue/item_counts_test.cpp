#include "models/catalogue/item_counts.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace {

using namespace winnow;
using namespace winnow::test;

struct counts_fixture {
  temporary_directory dir;
  std::filesystem::path file = dir.path() / "counts.csv";
  id_table items;

  counts_fixture() {
    for (const auto* id : {"a", "b", "c"})
      items.insert(id);
  }

  result<item_counts> count(std::string_view text) const {
    std::ofstream(file) << text;
    return count_items(file, items);
  }

  std::string refusal(std::string_view text) const {
    const auto counted = count(text);
    BOOST_REQUIRE(!counted);
    return counted.error().message.substr(file.string().size());
  }
};

using taken = std::vector<std::uint64_t>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(item_counts_, counts_fixture)

BOOST_AUTO_TEST_CASE(counts_one_row_per_interaction) {
  const auto counted = need(count("user_id,item_id\nu,a\nv,a\nu,c\nu,elsewhere\n"));
  BOOST_CHECK(counted.taken == taken({2, 0, 1}));
  BOOST_CHECK(counted.recent.empty());
}

BOOST_AUTO_TEST_CASE(two_columns_that_could_count_are_refused) {
  BOOST_TEST(refusal("item_id,count,note,count\na,1,x,2\n") ==
             ":1:20: expected each column's name once, got \"count\" in fields 2 and 4");
  BOOST_TEST(refusal("item_id,user_id,item_id\na,u,b\n") ==
             ":1:17: expected each column's name once, got \"item_id\" in fields 1 and 3");
  BOOST_CHECK(need(count("item_id,note,note,count\na,x,y,2\n")).taken == taken({2, 0, 0}));
}

BOOST_AUTO_TEST_CASE(reads_counts_without_recent_ones) {
  const auto counted = need(count("item_id,count\nb,7\nelsewhere,3\n"));
  BOOST_CHECK(counted.taken == taken({0, 7, 0}));
  BOOST_CHECK(counted.recent.empty());
}

BOOST_AUTO_TEST_CASE(reads_recent_counts) {
  const auto counted = need(count("item_id,count,recent\nb,7,0.25\na,2,1e-3\nelsewhere,3,3\n"));
  BOOST_CHECK(counted.taken == taken({2, 7, 0}));
  BOOST_CHECK(counted.recent == std::vector<float>({1e-3f, 0.25f, 0}));
}

BOOST_AUTO_TEST_CASE(blanks_around_commas_are_not_part_of_ids) {
  BOOST_CHECK(need(count("user_id , item_id\nu , a\nv,\ta \nu, \"c\" \n")).taken == taken({2, 0, 1}));
  BOOST_CHECK(need(count("item_id, count\n b , 7\n\" a\",3\n")).taken == taken({0, 7, 0}));
}

BOOST_AUTO_TEST_CASE(ids_lose_the_fraction_that_pandas_adds_if_all_have_it) {
  items.insert("4");
  BOOST_CHECK(need(count("user_id,item_id\nu,4.0\nv,5.0\nw,4.0\n")).taken == taken({0, 0, 0, 2}));
  const auto missing = need(count("user_id,item_id\nt,\nu,4.0\nv,nan\nw,4.0\n"));
  BOOST_CHECK(missing.taken == taken({0, 0, 0, 2}));
  BOOST_CHECK_EQUAL(missing.rows, 4u);
  BOOST_CHECK_EQUAL(missing.rows_of_items, 2u);
  BOOST_CHECK(need(count("item_id,count\n4.0,7.0\n")).taken == taken({0, 0, 0, 7}));
  BOOST_CHECK(need(count("item_id,count\n4.0,7\na,1\n")).taken == taken({1, 0, 0, 0}));
}

BOOST_AUTO_TEST_CASE(columns_may_have_any_order_and_others_beside_them) {
  BOOST_CHECK(need(count(",user_id,item_id\n0,u,a\n1,v,c\n")).taken ==
              taken({1, 0, 1})); // as pandas writes it
  BOOST_CHECK(need(count("rating,item_id,user_id\n5,a,u\n3,a,v\n")).taken == taken({2, 0, 0}));
  const auto recent = need(count("recent,count,item_id\n2.5,7,b\n"));
  BOOST_CHECK(recent.taken == taken({0, 7, 0}));
  BOOST_CHECK(recent.recent == std::vector<float>({0, 2.5f, 0}));
  BOOST_CHECK_EQUAL(refusal("a,b\n"), ":1:1: expected a header user_id,item_id or item_id,count");
  BOOST_CHECK_EQUAL(refusal(""), ":1:1: expected a header user_id,item_id or item_id,count");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_count) {
  BOOST_CHECK_EQUAL(refusal("item_id,count,recent\na,1\n"), ":2:1: expected at least 3 fields, got 2");
  BOOST_CHECK_EQUAL(refusal("item_id,count,recent\na,1,-1\n"),
                    ":2:5: expected a number from 0 on, got \"-1\"");
  BOOST_CHECK_EQUAL(refusal("item_id,count,recent\na,1,nan\n"),
                    ":2:5: expected a number from 0 on, got \"nan\"");
  BOOST_CHECK_EQUAL(refusal("item_id,count\na,1.5\n"), ":2:3: expected a whole number, got \"1.5\"");
}

BOOST_AUTO_TEST_SUITE_END()
