// Tables as other programs write them: pandas, R, spreadsheets, Spark, shells.
#include "models/training/interactions/item_metadata.hpp"
#include "tests/models/training/interactions/read_table.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;
using test::ids;
using test::read;
using test::with_columns;

} // namespace

BOOST_AUTO_TEST_SUITE(foreign_tables)

BOOST_AUTO_TEST_CASE(the_index_of_pandas_is_no_column) {
  BOOST_TEST(read(",user_id,item_id\n0,a,x\n1,b,y\n").pairs == "a x, b y");
  BOOST_TEST(read("Unnamed: 0,user_id,item_id\n0,a,x\n").pairs == "a x");
}

BOOST_AUTO_TEST_CASE(ids_that_pandas_made_fractions_lose_them) {
  const auto got = read("user_id,item_id\n1,2.0\n2,3.0\n3,\n");
  BOOST_TEST(got.pairs == "1 2, 2 3");
  BOOST_TEST(got.totals == "3 rows read, 2 used; left out: 1 without an item's id");
  BOOST_REQUIRE_EQUAL(got.report.remarks.size(), 1U);
  BOOST_TEST(got.report.remarks[0].find("end in .0") != std::string::npos);
  BOOST_TEST(read("user_id,item_id\n1,2.0\n2,1.5\n").pairs == "1 2.0, 2 1.5"); // versions, not numbers
  BOOST_TEST(read("user_id,item_id\n1,2.0\n2,x\n").pairs == "1 2.0, 2 x");
}

BOOST_AUTO_TEST_CASE(blanks_around_separators_are_not_part_of_ids) {
  BOOST_TEST(read("user_id, item_id , timestamp\na , x ,\t5\n \"b c\" , \" y\" , 6\n").pairs ==
             "a x@5, b c  y@6");
}

BOOST_AUTO_TEST_CASE(separators_are_found_by_the_header) {
  BOOST_TEST(read("\"user_id\";\"item_id\"\n\"a\";\"1,5\"\n").pairs == "a 1,5");
  BOOST_TEST(read("user_id;item_id;note, or remark\na;x;1\n").pairs == "a x");
  BOOST_TEST(read("user_id|item_id\na|x\n").pairs == "a x");
}

BOOST_AUTO_TEST_CASE(blanks_separate_columns_if_there_is_a_header) {
  BOOST_TEST(read("user_id item_id rating timestamp\na  x 5 7\nb y 4 8 \n").pairs == "a x@7, b y@8");
  BOOST_TEST(read("\"user_id\" \"item_id\"\n\"a b\" \"x\"\n").pairs == "a b x");
}

BOOST_AUTO_TEST_CASE(empty_cells_are_counted_by_their_column) {
  const auto got = read("user_id,item_id,rating,timestamp\na,x,,1\na,,5,2\n,y,5,3\na,z,5,\na,w,5,4\n");
  BOOST_TEST(got.pairs == "a x@1, a w@4"); // without a rating it is an interaction still
  BOOST_TEST(got.totals == "5 rows read, 2 used; left out: 1 without a time, 1 without a user's id, "
                           "1 without an item's id");
  reading_options rated;
  rated.least_rating = 1;
  BOOST_TEST(read("user_id,item_id,rating\na,x,\na,y,5\n", rated).pairs == "a y");
}

BOOST_AUTO_TEST_CASE(binary_files_are_named_and_not_trained_on) {
  using namespace std::string_view_literals;
  std::string noise = "PAR1";
  for (int i = 0; i < 5000; ++i)
    noise.push_back(static_cast<char>(i * 7919 % 251));
  BOOST_TEST(read(noise).refusal == "data: expected a table as text (CSV), got a Parquet file");
  BOOST_TEST(read("\xFF\xFEu\0s\0"sv).refusal ==
             "data: expected a table as text (CSV), got text in UTF-16, expected UTF-8");
  BOOST_TEST(read("PK\x03\x04\x14\0"sv).refusal == "data: expected a table as text (CSV), got a zip archive");
}

BOOST_AUTO_TEST_CASE(control_bytes_are_escaped_in_messages) {
  const auto got = read("user_id,item_id,rating\na,x,\x1b[31mred\na,y,5\n");
  BOOST_REQUIRE_EQUAL(got.report.complaints.size(), 1U);
  BOOST_TEST(got.report.complaints[0].find("got \"\\x1b[31mred\"") != std::string::npos,
             got.report.complaints[0]);
  BOOST_TEST(read("one\x1b]0;title,two\n1,2\n").refusal.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(reads_the_parts_that_spark_writes) {
  const test::temp_dir dir;
  test::put(dir, "part-00001-abc.csv", "user_id,item_id\nb,y\n");
  test::put(dir, "part-00000-abc.csv", "user_id,item_id\na,x\n");
  test::put(dir, "part-00002-abc.csv", "");
  test::put(dir, "_SUCCESS", "");
  test::put(dir, ".part-00000-abc.csv.crc", "crc\x01");
  BOOST_TEST(read(dir, dir.path()).pairs == "a x, b y");
  fs::create_directories(dir.path() + "/day=2026-01-02");
  test::put(dir, "day=2026-01-02/part-00000.csv", "user_id,item_id\nc,z\n");
  BOOST_TEST(read(dir, dir.path()).pairs == "c z, a x, b y");
  fs::create_directories(dir.path() + "/_temporary");
  BOOST_TEST(read(dir, dir.path() + "/").refusal.find("has not finished") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_offline_jobs_files_may_be_folders_of_parts) {
  const test::temp_dir dir;
  for (const auto* folder : {"lightgcn_data.csv", "train_data.csv", "item_embeddings.csv"})
    fs::create_directories(dir.path() + "/" + folder);
  test::put(dir, "lightgcn_data.csv/part-0.csv", "user_id,item_id\na,x\na,y\n");
  test::put(dir, "train_data.csv/part-0.csv", "user_id,history_items,candidate_item,label\na,y,x,1\n");
  test::put(dir, "item_embeddings.csv/part-0.csv", "item_id,price\nx,1\n");
  test::put(dir, "item_embeddings.csv/part-1.csv", "item_id,price\ny,2\n");
  BOOST_TEST(read(dir, dir.path()).pairs == "a y@0, a x@1");
  row_report report;
  const auto items = ids({"x", "y"});
  const auto metadata = test::need(read_item_metadata(*features_beside(dir.path()), items, {}, report));
  BOOST_TEST(metadata.known == 2U);
}

BOOST_AUTO_TEST_CASE(a_folder_without_any_of_these_says_what_was_expected) {
  const test::temp_dir dir;
  BOOST_TEST(read(dir, dir.path() + "/").refusal ==
             ": expected lightgcn_data.csv or part-… files, found neither");
}

BOOST_AUTO_TEST_CASE(columns_can_be_named_or_counted) {
  const auto named = with_columns("user=Kunde,item=Artikel Nr,time=Datum");
  BOOST_TEST(read("Artikel Nr;Kunde;Datum\nx;a;2001-09-09\n", named).pairs == "a x@999993600");
  BOOST_TEST(read("Artikel;Kunde;Datum\nx;a;1\n", named).refusal ==
             "data:1:1: expected a header with the columns \"Kunde\" and \"Artikel Nr\" and \"Datum\", got "
             "\"Artikel;Kunde;Datum\"");
  BOOST_TEST(read("9,x,a\n8,y,b\n", with_columns("user=3,item=2,time=1")).pairs == "b y@8, a x@9");
  BOOST_TEST(read("9,x\n", with_columns("user=3,item=2")).refusal ==
             "data:1:1: --columns names more than the 2 fields of the row");
  BOOST_TEST(read("a::x::5\n", with_columns("user=2,item=1")).pairs == "x a");
}

BOOST_AUTO_TEST_CASE(refuses_a_choice_of_columns_that_means_nothing) {
  for (const auto* wrong :
       {"", "user", "user=", "who=a,item=b", "user=1", "user=1,item=b", "user=a,user=b", "user=a,"})
    BOOST_TEST(!parse_chosen_columns(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(reads_a_pipe_and_a_fifo_once) {
  const test::temp_dir dir;
  const auto fifo = dir.path() + "/fifo";
  BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(fifo) << "user_id,item_id\na,x\nb,y\n"; });
  const auto got = read(dir, fifo);
  writer.join();
  BOOST_TEST(got.pairs == "a x, b y");
}

BOOST_AUTO_TEST_CASE(items_may_have_any_separator_and_an_index) {
  const test::temp_dir dir;
  const auto items = ids({"x", "2"});
  row_report report;
  const auto semicolons = test::need(read_item_metadata(
      test::put(dir, "a", "\"item_id\";\"price, net\"\n\"x\";\"1\"\n\"2\";\"3\"\n"), items, {}, report));
  BOOST_TEST(semicolons.columns == std::vector<std::string>{"price, net"}, boost::test_tools::per_element());
  const auto indexed = test::need(
      read_item_metadata(test::put(dir, "b", ",item_id, price\n0,x,1\n1,2.0,3\n2,z,4\n"), items, {}, report));
  BOOST_TEST(indexed.columns == std::vector<std::string>{"price"}, boost::test_tools::per_element());
  BOOST_TEST(indexed.known == 2U);
  BOOST_TEST(report.totals() == "3 rows read, 2 used; left out: 1 of other items");
  const auto nameless = read_item_metadata(test::put(dir, "c", ",price\nx,1\n"), items, {}, report);
  BOOST_REQUIRE(!nameless);
  BOOST_TEST(nameless.error().message.find("index=False") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
