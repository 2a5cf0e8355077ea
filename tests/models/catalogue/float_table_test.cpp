#include "models/catalogue/float_table.hpp"

#include "config/log/event_ring.hpp"
#include "tests/models/fixtures.hpp"

#include <limits>

namespace winnow {

namespace {

result<float_table> load(std::string_view content) {
  const test::temporary_file file(content);
  auto table = load_float_table(file.path());
  if (!table) // without the path of the temporary file
    return fail(table.error().cause, table.error().message.substr(file.path().string().size()));
  return table;
}

float_table loaded(std::string_view content) {
  return test::need(load(content));
}

std::string refusal(std::string_view content) {
  const auto table = load(content);
  BOOST_REQUIRE(!table);
  BOOST_CHECK(table.error().cause == fault::malformed);
  return table.error().message;
}

/// What the log says of control characters in the ids of a table: `number example`.
std::string said_of_controls(std::string_view content) {
  const auto before = kept_events().last_id();
  loaded(content);
  std::string said;
  for (const auto& event : kept_events().since(before))
    if (event.event == "ids have control characters, which few profiles will have")
      for (const auto& [name, value] : event.fields) {
        if (name == "ids")
          said += std::to_string(std::get<std::uint64_t>(value)) + " ";
        if (name == "example")
          said += std::get<std::string>(value);
      }
  return said;
}

void check_values(const float_table& table, const std::vector<float>& expected) {
  BOOST_TEST(table.values.own() == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(float_table_suite)

BOOST_AUTO_TEST_CASE(reads_ids_as_bytes_and_numbers_as_float32) {
  const auto table = loaded("item_id,emb_0,emb_1\n0764227971,0.08752,-0.026412\n764227971,1e-3,-4E+2\n");
  BOOST_TEST(table.width == 2U);
  BOOST_TEST(table.columns == (std::vector<std::string>{"emb_0", "emb_1"}), boost::test_tools::per_element());
  BOOST_TEST(table.ids.size() == 2U);
  BOOST_TEST(table.ids[0] == "0764227971");
  BOOST_TEST(table.ids[1] == "764227971");
  BOOST_TEST(table.ids.find("0764227971").value() == 0U);
  check_values(table, {0.08752F, -0.026412F, 1e-3F, -4e2F});
}

BOOST_AUTO_TEST_CASE(reads_the_csv_dialects_of_pandas_and_spreadsheets) {
  const auto table = loaded("\xEF\xBB\xBF"
                            "item_id,a,b\r\n\"x,\"\"1\"\"\",1,2\r\ny z, 3 ,\"4\"\r\n\r\n\"l\nm\",5,6");
  BOOST_TEST(table.ids[0] == "x,\"1\"");
  BOOST_TEST(table.ids[1] == "y z");
  BOOST_TEST(table.ids[2] == "l\nm");
  check_values(table, {1, 2, 3, 4, 5, 6});
}

BOOST_AUTO_TEST_CASE(reads_named_separators_and_the_line_ends_of_old_macintoshes) {
  const auto separated = loaded("sep=;\nitem_id;a;b\nx,y;1;2\nz;3;4\n");
  BOOST_TEST(separated.columns == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(separated.ids[0] == "x,y");
  check_values(separated, {1, 2, 3, 4});
  check_values(loaded("item_id,a\rx,1\ry,2\r"), {1, 2});
  const test::temporary_file file("item_id,a\rx,1\ry,2\rz,3\r");
  BOOST_TEST(test::need(test::need(float_table_reader::open(file.path())).row_bound()) >= 3U);
}

BOOST_AUTO_TEST_CASE(the_index_of_pandas_becomes_neither_ids_nor_a_column) {
  const auto table = loaded(",item_id,emb_0,emb_1\n0,B1,1,2\n1,\"B2\",3,4\n");
  BOOST_TEST(table.columns == (std::vector<std::string>{"emb_0", "emb_1"}), boost::test_tools::per_element());
  BOOST_TEST(table.ids[0] == "B1");
  BOOST_TEST(table.ids[1] == "B2");
  check_values(table, {1, 2, 3, 4});
  BOOST_TEST(loaded("Unnamed: 0,user_id,emb_0\n0,u,1\n").ids[0] == "u");
  BOOST_TEST(refusal(",emb_0,emb_1\n0,1,2\n").find("index=False") != std::string::npos);
  BOOST_TEST(refusal(",item_id,emb_0\n0,B1\n").find("expected 3 fields, got 2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_id_may_stand_in_any_column_and_blanks_around_names_do_not_count) {
  const auto table = loaded("emb_0, item_id , emb_1\n1,x,2\n");
  BOOST_TEST(table.columns == (std::vector<std::string>{"emb_0", "emb_1"}), boost::test_tools::per_element());
  BOOST_TEST(table.ids[0] == "x");
  check_values(table, {1, 2});
}

BOOST_AUTO_TEST_CASE(two_columns_of_ids_are_refused) {
  BOOST_TEST(refusal("item_id,a, item_id\n1,2,3\n") ==
             ":1:12: expected each column's name once, got \"item_id\" in fields 1 and 3");
  BOOST_TEST(loaded("item_id,a,a\nx,1,2\n").width == 2U); // as pandas reads it
}

BOOST_AUTO_TEST_CASE(blanks_around_commas_are_not_part_of_ids) {
  for (const char* content : {"item_id , a , b\nB1 , 1 , 2\n B 2\t,3,4\n\tB3 , 5 , 6 \n",
                              "a,item_id,b\n1, B1 ,2\n3,B 2 , 4\n5 ,\t\"B3\" ,6\n"}) {
    const auto table = loaded(content);
    BOOST_REQUIRE_EQUAL(table.ids.size(), 3U);
    BOOST_TEST(table.ids[0] == "B1");
    BOOST_TEST(table.ids[1] == "B 2");
    BOOST_TEST(table.ids[2] == "B3");
    check_values(table, {1, 2, 3, 4, 5, 6});
  }
  BOOST_TEST(loaded("id,a\n \" x \" ,1\n").ids[0] == " x ");
  BOOST_TEST(refusal("id,a\nx,1\n x ,2\n") == ":3:1: id \"x\" occurs twice, first in line 2");
  BOOST_TEST(refusal("id,a\n \t,1\n").find("the id is empty") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ids_lose_the_fraction_that_pandas_adds_if_all_have_it) {
  const auto table = loaded("item_id,a\n19.0,1\n 2.0 ,2\n-3.0,3\n");
  BOOST_TEST(table.ids[0] == "19");
  BOOST_TEST(table.ids[1] == "2");
  BOOST_TEST(table.ids[2] == "-3");
  check_values(table, {1, 2, 3});
  BOOST_TEST(loaded(",user_id,a\n0,19.0,1\n1,2.0,2\n").ids[1] == "2");
  BOOST_TEST(loaded("user_id,a\nnan,1\n19.0,+1\n2.0,2\n").ids[2] == "2"); // one is missing
  for (const char* content : {"id,a\n19.0,1\n2,2\n", "id,a\n19.0,1\nx.0,2\n", "id,a\n19.0,1\n\"2.0\",2\n",
                              "id,a\n\"19.0\",1\n2.0,2\n", "id,a\n\"19.0\",1\n\"2.0\",2\n"})
    BOOST_TEST(loaded(content).ids[0] == "19.0", content);
  BOOST_TEST(refusal("id,a\n1.0,1\n2.0\n") == ":3:4: expected 2 fields, got 1");
}

BOOST_AUTO_TEST_CASE(the_log_counts_ids_with_control_characters) {
  BOOST_TEST(said_of_controls("item_id,a\nB1,1\n\xC3\xA9\xC2\xA0\xE6\x97\xA5,2\n") == "");
  BOOST_TEST(said_of_controls("item_id,a\nB1,1\nB\x01,2\n\"B\n2\",3\n") == "2 B\x01");
  BOOST_TEST(said_of_controls("item_id,a\n\x7F,1\n") == "1 \x7F");
  BOOST_TEST(said_of_controls("a,item_id\n1,\xC2\x9B"
                              "2J\n") == "1 \xC2\x9B"
                                         "2J"); // of a terminal
  BOOST_TEST(loaded("item_id,a\nB\x01,2\n").ids[0] == "B\x01");
}

BOOST_AUTO_TEST_CASE(names_files_that_are_no_text) {
  using namespace std::string_view_literals;
  BOOST_TEST(refusal("PAR1\0\x15"sv) == ": expected a table as text (CSV), got a Parquet file");
  BOOST_TEST(
      refusal("version https://git-lfs.github.com/spec/v1\noid sha256:1\n").find("got a Git LFS pointer") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(rounds_numbers_that_float32_cannot_represent) {
  const auto table =
      loaded("id,a\n1,1e-50\n2,-1e-400\n3,1e-40\n4,0.1000000000000000055511151231257827\n5,3.4028235e38\n");
  check_values(table, {0.0F, -0.0F, 1e-40F, 0.1F, std::numeric_limits<float>::max()});
}

BOOST_AUTO_TEST_CASE(accepts_tables_without_rows_and_numeric_column_names) {
  BOOST_TEST(loaded("id,a\n").ids.size() == 0U);
  BOOST_TEST(loaded("id,0,1\nx,2,3\n").columns[0] == "0");
}

BOOST_AUTO_TEST_CASE(reserves_exactly_the_memory_of_the_rows) {
  const auto table = loaded("id,a,b\n1,1,2\n2,3,4\n3,5,6");
  BOOST_TEST(table.values.own().capacity() == table.values.size());
}

BOOST_AUTO_TEST_CASE(reserves_no_more_than_the_file_can_hold) {
  std::string content = "id";
  for (int i = 0; i < 100'000; ++i)
    content += ",c";
  content += std::string(1'000'000, '\n'); // rows × columns would be 400 GB
  BOOST_TEST(loaded(content).values.own().capacity() < content.size());
}

BOOST_AUTO_TEST_CASE(errors_name_the_line_and_the_column) {
  BOOST_TEST(refusal("id,a,b\nx,1,2\ny,1\n") == ":3:4: expected 3 fields, got 2");
  BOOST_TEST(refusal("id,a,b\nx,1,2,3\n") == ":2:7: expected 3 fields, got 4");
  BOOST_TEST(refusal("id,a,b\nx,1,abc\n") == ":2:5: not a number: \"abc\"");
  BOOST_TEST(refusal("id,a,b\nx,1,2x\n") == ":2:5: not a number: \"2x\"");
  BOOST_TEST(refusal("id,a,b\nx,,2\n") == ":2:3: not a number: \"\"");
  BOOST_TEST(refusal("id,a,b\nx,0x1p3,2\n") == ":2:3: not a number: \"0x1p3\"");
  BOOST_TEST(refusal("id,a,b\nx,nan,2\n") == ":2:3: not a finite float32: \"nan\"");
  BOOST_TEST(refusal("id,a,b\nx,1,-Inf\n") == ":2:5: not a finite float32: \"-Inf\"");
  BOOST_TEST(refusal("id,a,b\nx,1,1e39\n") == ":2:5: not a finite float32: \"1e39\"");
  BOOST_TEST(refusal("id,a,b\nx,1,1e999\n") == ":2:5: not a finite float32: \"1e999\"");
  BOOST_TEST(refusal("id,a\n,1\n") == ":2:1: the id is empty");
  BOOST_TEST(refusal("id,a\n\"\",1\n") == ":2:1: the id is empty");
}

BOOST_AUTO_TEST_CASE(names_both_lines_of_a_duplicate_id) {
  BOOST_TEST(refusal("id,a\nx,1\n\"y\n\",2\n\nz,3\nz,4\n") == ":7:1: id \"z\" occurs twice, first in line 6");
}

BOOST_AUTO_TEST_CASE(requires_a_header) {
  BOOST_TEST(refusal("") == ":1:1: expected a header, got an empty file");
  for (const char* rows : {"x,0.5,1.5\ny,1,2\n", "x,5,1\ny,1,2\n", "x,5e-1,1e3\ny,1,2\n"})
    BOOST_TEST(refusal(rows) == ":1:1: expected a header, got a row of numbers", rows);
  for (const char* table : {"id,0,1\ny,1,2\n", "item_id,0.0,1.0\ny,1,2\n", "item_id,5,7\ny,1,2\n"})
    BOOST_TEST(loaded(table).ids.size() == 1U, table);
  BOOST_TEST(refusal("weights\n").find("expected a header of an id") == 6U);
}

BOOST_AUTO_TEST_CASE(refuses_a_missing_file) {
  const auto table = load_float_table(test::fixture("none.csv"));
  BOOST_REQUIRE(!table);
  BOOST_CHECK(table.error().cause == fault::not_found);
}

BOOST_AUTO_TEST_CASE(shared_embeddings_load, *boost::unit_test::precondition(test::has_shared_data)) {
  const auto table = test::need(load_float_table(*test::shared_data() / "golden" / "model_output" /
                                                 "lightgcn" / "item_embeddings.csv"));
  BOOST_TEST(table.ids.size() == 2000U);
  BOOST_TEST(table.width == 128U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
