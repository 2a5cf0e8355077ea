#include "models/training/interactions/item_metadata.hpp"

#include "models/attributes/item_attributes.hpp"
#include "models/training/interactions/item_table_writer.hpp"
#include "tests/models/training/files.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace winnow {

namespace {

/// The items `i0`, `i1`, ….
id_table items_up_to(int count) {
  id_table items;
  for (int i = 0; i < count; ++i)
    items.insert("i" + std::to_string(i));
  return items;
}

/// A table of `count` items; `row` gives the other columns.
template<class Function>
std::string table(const std::string& header, int count, Function row) {
  auto text = "item_id," + header + "\n";
  for (int i = 0; i < count; ++i)
    text += "i" + std::to_string(i) + "," + row(i) + "\n";
  return text;
}

item_metadata read(const std::string& content, const id_table& items, row_report* report = nullptr) {
  const test::temp_dir dir;
  row_report own;
  return test::need(
      read_item_metadata(test::put(dir, "items.csv", content), items, {}, report != nullptr ? *report : own));
}

float value(const item_metadata& metadata, std::size_t item, std::size_t column) {
  return metadata.values[item * metadata.columns.size() + column];
}

} // namespace

BOOST_AUTO_TEST_SUITE(item_metadata_suite)

BOOST_AUTO_TEST_CASE(scales_numbers) {
  const auto items = items_up_to(4);
  const auto metadata = read(table("year", 4, [](int i) { return std::to_string(2000 + 2 * i); }), items);
  BOOST_TEST(metadata.describe() == "year scaled");
  BOOST_TEST(metadata.columns == std::vector<std::string>{"year"}, boost::test_tools::per_element());
  BOOST_TEST(metadata.sources[0].mean == 2003);
  BOOST_TEST(value(metadata, 0, 0) == -3 / std::sqrt(5.0F), boost::test_tools::tolerance(1e-6F));
  BOOST_TEST(value(metadata, 3, 0) == 3 / std::sqrt(5.0F), boost::test_tools::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(takes_the_logarithm_of_numbers_with_a_long_tail) {
  const auto items = items_up_to(9);
  const auto metadata = read(table("price", 9, [](int i) { return std::to_string(1 << 2 * i); }), items);
  BOOST_TEST(metadata.describe() == "price log-scaled");
  BOOST_TEST(std::abs(value(metadata, 4, 0)) < 0.1F);
  BOOST_TEST(value(metadata, 8, 0) < 2);
  const auto signed_ones = table("balance", 9, [](int i) { return std::to_string((1 << 2 * i) - 2); });
  BOOST_TEST(read(signed_ones, items).describe() == "balance scaled");
}

BOOST_AUTO_TEST_CASE(gives_each_of_few_values_a_column) {
  const auto items = items_up_to(100);
  const char* genres[] = {"Mystery", "Horror", "\"Poetry, short\""};
  const auto metadata =
      read(table("genre", 100, [&](int i) { return std::string(i == 99 ? "Rare" : genres[i % 3]); }), items);
  BOOST_TEST(metadata.describe() == "genre one-hot (3)");
  BOOST_TEST(metadata.columns ==
                 (std::vector<std::string>{"genre=Horror", "genre=Mystery", "genre=Poetry, short"}),
             boost::test_tools::per_element());
  BOOST_TEST(value(metadata, 0, 1) == 1);
  BOOST_TEST(value(metadata, 0, 0) == 0);
  BOOST_TEST(value(metadata, 2, 2) == 1);
  for (std::size_t column = 0; column < 3; ++column)
    BOOST_TEST(value(metadata, 99, column) == 0);
}

BOOST_AUTO_TEST_CASE(gives_each_of_several_values_a_column) {
  const auto items = items_up_to(30);
  const auto metadata =
      read(table("genres", 30, [](int i) { return std::string(i % 2 == 0 ? "Crime|Drama|Crime" : "Drama"); }),
           items);
  BOOST_TEST(metadata.describe() == "genres multi-hot (2)");
  BOOST_TEST(value(metadata, 0, 0) == 1);
  BOOST_TEST(value(metadata, 0, 1) == 1);
  BOOST_TEST(value(metadata, 1, 0) == 0);
  BOOST_TEST(value(metadata, 1, 1) == 1);
}

BOOST_AUTO_TEST_CASE(hashes_many_values_to_signs) {
  const auto items = items_up_to(200);
  const auto metadata =
      read(table("author", 200, [](int i) { return "author " + std::to_string(i % 50); }), items);
  BOOST_TEST(metadata.describe() == "author hashed (16)");
  BOOST_TEST(metadata.columns[15] == "author#15");
  for (std::size_t column = 0; column < 16; ++column) {
    BOOST_TEST(std::abs(value(metadata, 3, column)) == 0.25F);
    BOOST_TEST(value(metadata, 3, column) == value(metadata, 53, column));
  }
  // Pins the signs, which are the same on every machine.
  std::string signs;
  for (std::size_t column = 0; column < 16; ++column)
    signs += value(metadata, 0, column) > 0 ? '+' : '-';
  BOOST_TEST(signs == "++-+-+++-++++---");
}

BOOST_AUTO_TEST_CASE(leaves_out_titles_and_constant_columns) {
  const auto items = items_up_to(40);
  const auto metadata =
      read(table("title,shop,edition,empty,year", 40,
                 [](int i) { return "Title " + std::to_string(i) + ",ours,1,," + std::to_string(i); }),
           items);
  BOOST_TEST(
      metadata.describe() ==
      "title left out (40 different texts are too many for one-hot), shop left out (the same value "
      "everywhere), edition left out (the same number everywhere), empty left out (no values), year scaled");
  BOOST_TEST(metadata.columns.size() == 1U);
}

BOOST_AUTO_TEST_CASE(gives_zeros_for_missing_values) {
  const auto items = items_up_to(5);
  const auto metadata = read("item_id,price\ni0,2\ni1,\ni2,4\nelsewhere,1000\n", items);
  BOOST_TEST(metadata.known == 3U);
  BOOST_TEST(metadata.values.size() == 5U);
  BOOST_TEST(metadata.values == (std::vector<float>{-1, 0, 1, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(marks_of_missing_values_are_no_texts_among_numbers) {
  const auto items = items_up_to(5);
  for (const std::string mark : {"NA", "na", "n/a", "NaN", "NULL", "None", "-", "\\N", " NA "}) {
    BOOST_TEST_CONTEXT(mark) {
      const auto metadata = read("item_id,price\ni0,2\ni1," + mark + "\ni2,4\n", items);
      BOOST_TEST(metadata.describe() == "price scaled");
      BOOST_TEST(metadata.values == (std::vector<float>{-1, 0, 1, 0, 0}), boost::test_tools::per_element());
    }
  }
  const auto many = items_up_to(80);
  const auto number = [](int i) { return i == 40 ? std::string("NA") : std::to_string(i % 4); };
  BOOST_TEST(read(table("price", 80, number), many).describe() == "price scaled");
  const auto word = [](int i) { return std::string(i % 2 == 0 ? "none" : "some"); };
  BOOST_TEST(read(table("foil", 80, word), many).describe() == "foil one-hot (2)");
}

BOOST_AUTO_TEST_CASE(marks_of_missing_values_are_no_categories) {
  const auto many = items_up_to(80);
  for (const std::string mark : {"NaN", "nan", "NA", "<NA>", "N/A", "NULL", "null", "\\N"}) {
    BOOST_TEST_CONTEXT(mark) {
      const auto cell = [&](int i) { return i % 4 == 0 ? mark : std::string(i % 4 == 1 ? "red" : "blue"); };
      const auto metadata = read(table("cat", 80, cell), many);
      BOOST_TEST(metadata.describe() == "cat one-hot (2)");
      BOOST_TEST(metadata.columns == (std::vector<std::string>{"cat=blue", "cat=red"}),
                 boost::test_tools::per_element());
      BOOST_TEST(metadata.values[0] == 0);
      BOOST_TEST(metadata.values[1] == 0);
      BOOST_TEST(read(table("cat", 80, [&](int) { return mark; }), many).describe() ==
                 "cat left out (no values)");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_comma_may_stand_before_decimals_between_semicolons) {
  const auto items = items_up_to(4);
  const auto metadata = read("item_id;price\ni0;1,5\ni1;NA\ni2;2,5\n", items);
  BOOST_TEST(metadata.describe() == "price scaled");
  BOOST_TEST(metadata.sources[0].mean == 2);
  BOOST_TEST(metadata.values == (std::vector<float>{-1, 0, 1, 0}), boost::test_tools::per_element());
  for (const char* unlike : {"item_id;price\ni0;1,5\ni1;2.5\n", "item_id;price\ni0;1,5\ni1;,5\n",
                             "item_id,price\ni0,\"1,5\"\ni1,\"2,5\"\n"})
    BOOST_TEST(read(unlike, items).columns.empty(), unlike);
}

BOOST_AUTO_TEST_CASE(says_why_a_column_is_left_out) {
  const auto items = items_up_to(80);
  const auto text =
      table("price", 80, [](int i) { return i == 5 ? std::string("abc") : std::to_string(i % 60); });
  BOOST_TEST(read(text, items).describe() ==
             "price left out (1 of 80 cells is no number, first \"abc\" on line 7, "
             "and 61 different texts are too many for one-hot)");
}

BOOST_AUTO_TEST_CASE(finds_the_id_and_the_delimiter) {
  id_table items;
  items.insert("0764227971");
  items.insert("0990351408");
  const std::vector<float> expected = {-1, 1};
  BOOST_TEST(read("price:float\titem_id:token\n1\t0764227971\n2\t0990351408\n", items).values == expected,
             boost::test_tools::per_element());
  BOOST_TEST(read("price;asin\n1;0764227971\n2;0990351408\n", items).values == expected,
             boost::test_tools::per_element());
  BOOST_TEST(read("key,price\n0764227971,1\n0990351408,2\n", items).values == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(counts_bad_rows_and_repeated_ids) {
  const auto items = items_up_to(3);
  row_report report;
  const auto metadata = read("item_id,price\ni0,1\ni0,9\ni1\n,4\ni2,3\n", items, &report);
  BOOST_TEST(metadata.values == (std::vector<float>{-1, 0, 1}), boost::test_tools::per_element());
  BOOST_TEST(report.rows == 5U);
  BOOST_TEST(report.duplicates == 1U);
  BOOST_TEST(report.refused == 2U);
  BOOST_REQUIRE(report.complaints.size() == 2U);
  BOOST_TEST(report.complaints[0].find("items.csv:4:1: expected 2 fields, got 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rows_with_control_characters_in_ids_are_neither_used_nor_copied) {
  const test::temp_dir dir;
  const auto copy = dir.path() + "/copy.csv";
  const auto items = items_up_to(3);
  row_report report;
  auto into = test::need(item_table_writer::create(copy));
  const auto file = test::put(dir, "items.csv", "item_id,price\n\"i0\n\",1\ni1,2\n\"ne\tw\",5\nnew,3\n");
  const auto metadata = test::need(read_item_metadata(file, items, {}, report, &into));
  BOOST_REQUIRE(into.close(file));
  BOOST_TEST(!into.has_failed());
  BOOST_TEST(metadata.known == 1U);
  BOOST_TEST(report.totals() ==
             "4 rows read, 1 used; left out: 2 with control characters in an id, 1 of other items");
  BOOST_TEST(report.complaints.at(1).find("items.csv:5:1: expected ids without control characters") !=
             std::string::npos);
  BOOST_TEST(test::bytes_of(copy) == "item_id,price\ni1,2\nnew,3\n");
}

BOOST_AUTO_TEST_CASE(the_copy_has_the_first_row_of_an_item_alone_which_is_the_one_that_is_used) {
  const test::temp_dir dir;
  const auto copy = dir.path() + "/copy.csv";
  row_report report;
  auto into = test::need(item_table_writer::create(copy));
  const auto file = test::put(dir, "items.csv", "item_id,price\ni0,1\ni1,2\ni0,9\n");
  test::need(read_item_metadata(file, items_up_to(2), {}, report, &into));
  BOOST_REQUIRE(into.close(file));
  BOOST_TEST(report.duplicates == 1U);
  BOOST_TEST(test::bytes_of(copy) == "item_id,price\ni0,1\ni1,2\n");
}

BOOST_AUTO_TEST_CASE(the_copy_calls_items_as_the_interactions_do) {
  const test::temp_dir dir;
  const auto file = test::put(dir, "items.csv", "item_id,price\n1.0,1\n1.1,2\n2.0,3\n");
  const auto copied = [&](const std::vector<std::string>& ids) {
    id_table items;
    for (const auto& id : ids)
      items.insert(id);
    const auto copy = dir.path() + "/copy.csv";
    row_report report;
    auto into = test::need(item_table_writer::create(copy));
    test::need(read_item_metadata(file, items, {}, report, &into));
    BOOST_REQUIRE(into.close(file));
    return test::need(item_attributes::read(copy));
  };
  const auto versions = copied({"1.0", "1.1"}); // the third is one of them that nobody took
  for (const auto* id : {"1.0", "1.1", "2.0"})
    BOOST_CHECK_MESSAGE(versions.ids().find(id), id);
  const auto numbers = copied({"1", "7"}); // as pandas writes whole numbers
  for (const auto* id : {"1", "1.1", "2"})
    BOOST_CHECK_MESSAGE(numbers.ids().find(id), id);
}

BOOST_AUTO_TEST_CASE(the_copy_of_a_table_with_decimal_commas_is_read_as_numbers) {
  const test::temp_dir dir;
  const auto copy = dir.path() + "/copy.csv";
  row_report report;
  auto into = test::need(item_table_writer::create(copy));
  const auto file = test::put(dir, "items.csv", "item_id;price;title\ni0;1,5;\"a;b\"\nnew;2,5;c,d\n");
  test::need(read_item_metadata(file, items_up_to(1), {}, report, &into));
  BOOST_REQUIRE(into.close(file));
  BOOST_TEST(test::bytes_of(copy) == "sep=;\nitem_id;price;title\ni0;1,5;\"a;b\"\nnew;2,5;c,d\n");
  const auto served = test::need(item_attributes::read(copy));
  BOOST_CHECK(served.find("price")->type == attribute_type::number);
  BOOST_TEST(served.find("price")->numbers.at(1) == 2.5);
}

BOOST_AUTO_TEST_CASE(a_repeated_name_of_a_column_is_refused_with_its_place) {
  const test::temp_dir dir;
  const auto items = items_up_to(1);
  const auto read_table = [&](const std::string& text) {
    row_report report;
    return read_item_metadata(test::put(dir, "items.csv", text), items, {}, report);
  };
  const auto refused = read_table("item_id,price,brand,price\ni0,1,2,3\n");
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().cause == fault::malformed);
  BOOST_TEST(refused.error().message ==
             dir.path() + "/items.csv:1:21: expected each column's name once, got \"price\" again");
  BOOST_CHECK(!read_table("item_id,price,item_id\ni0,1,y\n"));
  BOOST_CHECK(!read_table("item_id:token,a:float,a:token\ni0,1,y\n"));
  BOOST_CHECK(read_table("item_id,price,Price\ni0,1,2\n"));
  BOOST_CHECK(read_table(",item_id,price\n0,i0,1\n"));
}

BOOST_AUTO_TEST_CASE(refuses_files_without_a_table) {
  const test::temp_dir dir;
  row_report report;
  const auto items = items_up_to(1);
  for (const auto* content : {"", "item_id\ni0\n"})
    BOOST_TEST(!read_item_metadata(test::put(dir, "items.csv", content), items, {}, report));
  reading_options strict;
  strict.strict = true;
  BOOST_TEST(!read_item_metadata(test::put(dir, "items.csv", "item_id,price\ni0\n"), items, strict, report));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
