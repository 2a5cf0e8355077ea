// Tables as other programs write them: pandas, R, spreadsheets, Spark, shells.
#include "models/training/interactions/form/item_list_check.hpp"
#include "models/training/interactions/item_metadata.hpp"
#include "models/training/interactions/item_table_writer.hpp"
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

BOOST_AUTO_TEST_CASE(ids_of_items_are_not_blank) {
  const auto got = read("user_id,item_id\na,x\nb,\" \"\nc,\"\xC2\xA0\"\n");
  BOOST_TEST(got.pairs == "a x");
  BOOST_TEST(got.totals == "3 rows read, 1 used; left out: 2 without an item's id");
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

BOOST_AUTO_TEST_CASE(ratings_between_semicolons_may_have_a_comma_before_their_decimals) {
  reading_options options;
  options.least_rating = 4;
  const auto got = read("user_id;item_id;rating\na;x;4,5\na;y;3,5\nb;x;4\nb;y;4.5\nb;z;4,5,5\n", options);
  BOOST_TEST(got.pairs == "a x, b x, b y");
  BOOST_TEST(got.totals == "5 rows read, 3 used; left out: 1 without a rating, 1 below the minimum rating");
  BOOST_TEST(read("user_id,item_id,rating\na,x,\"4,5\"\nb,x,4\n").pairs == "b x");
}

BOOST_AUTO_TEST_CASE(quotes_between_tabs_are_no_part_of_ids_if_all_texts_have_them) {
  BOOST_TEST(read("\"user_id\"\t\"item_id\"\n\"u1\"\t\"i1\"\n\"u2\"\t\"a\"\"b\"\n").pairs ==
             "u1 i1, u2 a\"b");
  BOOST_TEST(read("\"u1\"\t\"i1\"\n\"u2\"\t\"i2\"\n").pairs == "u1 i1, u2 i2");
  BOOST_TEST(read("user_id\titem_id\ttimestamp\n\"u1\"\t\"i1\"\t5\n\"u2\"\t\"i2\"\t2020-01-01\n").pairs ==
             "u1 i1@5, u2 i2@1577836800");
  BOOST_TEST(read("\"user_id\"\t\"item_id\"\n7\t\"i1\"\n8\t\"i2\"\n").pairs == "7 i1, 8 i2"); // as R writes
  BOOST_TEST(read("\"u1\"\t\"i1\"\t5\t7\n", with_columns("user=1,item=2")).pairs == "u1 i1");
}

BOOST_AUTO_TEST_CASE(other_quotes_between_tabs_are_a_part_of_ids) {
  const auto got = read("user_id\titem_id\nu1\t5\" pipe\nu2\t\"Heroes\"\nu3\t\"Weird Al\" Yankovic\n");
  BOOST_TEST(got.pairs == "u1 5\" pipe, u2 \"Heroes\", u3 \"Weird Al\" Yankovic");
  BOOST_REQUIRE_EQUAL(got.report.remarks.size(), 1U);
  BOOST_TEST(got.report.remarks[0].find("1 id in ") == 0U, got.report.remarks[0]);
  BOOST_TEST(read("user_id\titem_id\nu1\t5\" pipe\n").report.remarks.empty());
  BOOST_TEST(read("u1\t\"Heroes\"\nu2\tLow\n").pairs == "u1 \"Heroes\", u2 Low");
  BOOST_TEST(read("5\t\"Heroes\"\n6\tLow\n").pairs == "5 \"Heroes\", 6 Low");
}

BOOST_AUTO_TEST_CASE(quotes_between_double_colons_are_refused) {
  for (const char* text : {"\"user_id\"::\"item_id\"\n\"u1\"::\"i1\"\n", "\"u1\"::\"i1\"::5::7\n",
                           "user_id::item_id\n\"u1\"::\"i1\"\n"})
    BOOST_TEST(read(text).refusal.find("data:1:1: expected fields without quotes between \"::\", got ") == 0U,
               read(text).refusal);
  BOOST_TEST(read("u1::5\" pipe::5::7\n").pairs == "u1 5\" pipe@7");
}

BOOST_AUTO_TEST_CASE(quoted_items_between_tabs_are_read) {
  const test::temp_dir dir;
  const auto items = ids({"i1", "i2", "5\" pipe"});
  row_report report;
  const auto known = [&](const char* text) {
    return test::need(read_item_metadata(test::put(dir, "items.tsv", text), items, {}, report)).known;
  };
  BOOST_TEST(known("\"item_id\"\t\"cat\"\n\"i1\"\t\"a\"\n\"i2\"\t\"b\"\n") == 2U);
  BOOST_TEST(known("item_id\tprice\n\"i1\"\t2.5\n\"i2\"\tNA\n") == 2U);
  BOOST_TEST(known("item_id\tcat\n5\" pipe\ta\ni1\tb\n") == 2U);
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

BOOST_AUTO_TEST_CASE(other_encodings_are_refused_and_not_trained_on) {
  const std::string latin = ": expected text in UTF-8, got the byte \"\\xe9\"";
  BOOST_TEST(read("user_id,item_id\na,x\nb,caf\xE9,y\n").refusal == "data:3:6" + latin);
  BOOST_TEST(read("1 2 3\n2 3 4\n3 4 caf\xE9\n").refusal == "data:3:8" + latin);
  const test::temp_dir dir;
  test::put(dir, "train.txt", "1 2 3\n");
  test::put(dir, "test.txt", "1 caf\xE9\n");
  row_report report;
  const auto split = read_split(dir.path(), {}, report);
  BOOST_REQUIRE(!split);
  BOOST_TEST(split.error().message.find("test.txt:1:6: expected text in UTF-8") != std::string::npos);
  const auto items =
      read_item_metadata(test::put(dir, "items", "item_id,name\nx,caf\xE9\n"), ids({"x"}), {}, report);
  BOOST_REQUIRE(!items);
  BOOST_TEST(items.error().message.find("items:2:6: expected text in UTF-8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(zeros_are_refused_with_their_place_however_far_behind) {
  std::string rows = "user_id,item_id\n";
  for (int row = 2; row < 200'000; ++row)
    rows += "user,item\n";
  const std::string damaged("us\0er,item\n", 11);
  const auto near = read("user_id,item_id\na,x\n" + damaged + rows);
  BOOST_TEST(near.refusal == "data:3:3: expected text in UTF-8, got the byte \"\\x00\"");
  const auto far = read(rows + damaged);
  BOOST_TEST(far.refusal == "data:200000:3: expected text in UTF-8, got the byte \"\\x00\"");
}

BOOST_AUTO_TEST_CASE(rows_with_control_characters_in_ids_are_left_out) {
  const auto table = read("user_id,item_id,note\na\x01,x,\nb,y,\x01\nc,z\x7F,\n");
  BOOST_TEST(table.pairs == "b y");
  BOOST_TEST(table.totals == "3 rows read, 1 used; left out: 2 with control characters in an id");
  BOOST_TEST(table.report.complaints.at(0).find(
                 "data:2:1: expected ids without control characters, got \"a\\x01\"") != std::string::npos);
  BOOST_TEST(read("1::2\n1::\x02\n").pairs == "1 2");
  BOOST_TEST(read("1 2 3\n2 \x1B 3\n3 4\n").pairs == "1 2@0, 1 3@1, 3 4@2");
}

BOOST_AUTO_TEST_CASE(tabs_and_line_ends_are_no_part_of_ids) {
  const std::string rows =
      "user_id,item_id\n\"a\nb\",x\nc,\"y\tz\"\nd,\"w\r\nv\"\ne,\"u\"\nf\tg,t\nh,s\r r\n";
  const auto table = read(rows);
  BOOST_TEST(table.pairs == "e u");
  BOOST_TEST(table.totals == "6 rows read, 1 used; left out: 5 with control characters in an id");
  BOOST_REQUIRE_EQUAL(table.report.complaints.size(), 5U);
  BOOST_TEST(table.report.complaints[0].find("data:2:1: expected ids without control characters, got \"") !=
             std::string::npos);
  BOOST_TEST(table.report.complaints[1].find("data:4:3: expected ids without control characters, got \"") !=
             std::string::npos);
  reading_options strict;
  strict.strict = true;
  BOOST_TEST(read(rows, strict).refusal.find("data:2:1: expected ids without control characters") == 0U);
  BOOST_TEST(read("1::2\n1::3\t4\n").pairs == "1 2");
  BOOST_TEST(read("1 2 3\n2 4\r5 6\n3 4\n").pairs == "1 2@0, 1 3@1, 3 4@2");
  BOOST_TEST(read("user_id,item_id,item_id_list:token_seq\na,x,\"y\nz\"\nb,x,y\tz\n").pairs ==
             "b y@0, b z@1, b x@2");
  BOOST_TEST(read("user_id,note,item_id\na,\"two\nlines\",x\n").pairs == "a x");
}

BOOST_AUTO_TEST_CASE(columns_with_the_same_name_are_refused) {
  const std::string which = ": --columns user=…,item=… says which, by other names or by places";
  BOOST_TEST(read("user_id,user_id,item_id\na,b,x\n").refusal ==
             "data:1:1: expected one column of the user, got \"user_id\" and \"user_id\" (columns 1 and 2)" +
                 which);
  BOOST_TEST(read("user_id;time;item_id;Time\na;1;x;2\n").refusal ==
             "data:1:1: expected one column of the time, got \"time\" and \"Time\" (columns 2 and 4)" +
                 which);
  BOOST_TEST(!read("user_id::itemId::item_id\na::x::y\n").refusal.empty());
  BOOST_TEST(!read("Kunde,Kunde,item_id\na,b,x\n", with_columns("user=Kunde")).refusal.empty());
  BOOST_TEST(read("user_id,user_id,item_id\na,b,x\n", with_columns("user=2,item=3")).pairs == "b x");
  BOOST_TEST(read("userId,user_id,item_id\na,b,x\n", with_columns("user=user_id")).pairs == "b x");
  BOOST_TEST(read("user_id,note,note,item_id\na,1,2,x\n").pairs == "a x");
}

BOOST_AUTO_TEST_CASE(says_which_of_two_columns_was_taken) {
  const auto remarks = [](std::string_view content, const reading_options& options = {}) {
    const auto got = read(content, options);
    BOOST_TEST(got.refusal == "");
    return got.report.remarks;
  };
  const auto times = remarks("user_id,item_id,timestamp,created_at\na,x,1,2\n");
  BOOST_REQUIRE_EQUAL(times.size(), 1U);
  BOOST_TEST(
      times[0].find("the time is taken from the column \"timestamp\", not from \"created_at\"; --columns "
                    "time=NAME names another one") != std::string::npos,
      times[0]);
  BOOST_TEST(remarks("user_id,asin,parent_asin\na,x,y\n").size() == 1U);
  BOOST_TEST(remarks("user_id,session_id,item_id\na,s,x\n").empty());
  BOOST_TEST(remarks("user_id,item_id,time,date\na,x,1,2\n", with_columns("time=date")).empty());
}

BOOST_AUTO_TEST_CASE(double_colons_may_have_a_header) {
  BOOST_TEST(read("user_id::item_id\na::x\n").pairs == "a x");
  BOOST_TEST(read("item_id::rating::user_id::timestamp\nx::5::a::7\n").pairs == "a x@7");
  BOOST_TEST(read("Kunde::item_id\na::x\n", with_columns("user=Kunde")).pairs == "a x");
  BOOST_TEST(read("user_id::item_id\na::x\n", with_columns("user=2,item=1")).pairs == "x a");
  BOOST_TEST(read("user::1::5\n").pairs == "user 1"); // one known name is no header
}

BOOST_AUTO_TEST_CASE(unknown_separators_are_named_with_the_first_line) {
  const std::string wanted =
      "expected a first line with the columns user_id and item_id, or lists (user item item …), got ";
  BOOST_TEST(read("user_id^item_id\na^x\n").refusal ==
             "data:1:8: " + wanted + "\"user_id^item_id\": lists have blanks and no \"^\"; " +
                 known_separators);
  BOOST_TEST(!read("a~x~2026-01-01 10:00\n").refusal.empty());
  BOOST_TEST(!read("a，x\n").refusal.empty());
  BOOST_TEST(read("sep=^\nuser_id^item_id\na^x\n").pairs == "a x");
  BOOST_TEST(
      read("user_id!item_id\na!x\nb!y\n").refusal ==
      "data:1:1: " + wanted +
          "\"user_id!item_id\": no line has an item (3 rows read, 0 used; left out: 3 without an item); " +
          known_separators);
}

BOOST_AUTO_TEST_CASE(files_beside_the_parts_are_mentioned) {
  const test::temp_dir dir;
  test::put(dir, "part-0.csv", "user_id,item_id\na,x\n");
  test::put(dir, "_SUCCESS", "");
  BOOST_TEST(read(dir, dir.path()).report.remarks.empty());
  test::put(dir, "data.csv", "user_id,item_id\nb,y\n");
  test::put(dir, "more.csv", "");
  const auto got = read(dir, dir.path());
  BOOST_TEST(got.pairs == "a x");
  BOOST_REQUIRE_EQUAL(got.report.remarks.size(), 1U);
  BOOST_TEST(got.report.remarks[0] ==
             dir.path() +
                 ": of a folder, only files named part-… are read: \"data.csv\" and 1 more left out");
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
       {"", "user", "user=", "who=a,item=b", "user=1", "user=1,item=b", "user=a,user=b", "user=a,",
        "user=a,item=a", "user=1,item=1", "user=1,item=2,time=2", "rating=a,time=a"})
    BOOST_TEST(!parse_chosen_columns(wrong), wrong);
  BOOST_TEST(read("user_id,item_id,time\na,x,5\nb,y,4\n", with_columns("rating=time")).pairs == "a x, b y");
  // Only the file shows that the item column, which is not named, is the same.
  BOOST_TEST(read("user_id,item_id\na,x\n", with_columns("user=item_id")).refusal ==
             "data:1:1: expected different columns for user, item, rating and time, got column 2 for two of "
             "them");
}

BOOST_AUTO_TEST_CASE(messages_are_no_lists_of_items) {
  const std::string wanted =
      "expected a first line with the columns user_id and item_id, or lists (user item item …), got ";
  BOOST_TEST(
      read("ERROR 2013 (HY000) at line 1: Lost connection to MySQL server during query\n").refusal ==
      "data:1:12: " + wanted +
          "\"ERROR 2013 (HY000) at line 1: Lost connection to MySQL server during query\": \"(HY000)\" "
          "is no id");
  BOOST_TEST(read("404 page not found\n").refusal ==
             "data: " + wanted + "\"404 page not found\": a single line of words is no list");
  for (const auto* message :
       {"psql: error: connection to server failed: FATAL\n", "ERROR:  permission denied for table orders\n",
        "Traceback (most recent call last):\n  File \"export.py\" in main\n", "Access denied!\n",
        "Access denied\n", "Internal Server Error", "<?xml version='1.0'?>\n<Error><Code>NoSuchKey</Code>\n",
        "<Error>\n", "{user_id 1}\n", "The export was stopped. Try again later\n", "\"u\" \"x\"\n",
        "+---------+---------+\n| user_id | item_id |\n+---------+---------+\n| a       | x       |\n",
        "┌─────────┬─────────┐\n│ user_id │ item_id │\n├─────────┼─────────┤\n│ a       │ x       │\n",
        "-- MySQL dump 10\n", "%%MatrixMarket matrix coordinate real general\n3 3 2\n1 1 5\n1 2 4\n"})
    BOOST_TEST(read(message).refusal.find(wanted) != std::string::npos, message);
}

BOOST_AUTO_TEST_CASE(a_title_above_a_table_is_refused) {
  const std::string wanted =
      "expected a first line with the columns user_id and item_id, or lists (user item item …), got ";
  BOOST_TEST(read("Export of orders 2026\nuser_id,item_id\na,x\nb,y\n").refusal ==
             "data:2:8: " + wanted + "\"user_id,item_id\": lists have blanks and no \",\"");
  BOOST_TEST(read("# exported by x\nuser_id,item_id\na,x\n").refusal ==
             "data:1:1: " + wanted + "\"# exported by x\": a list does not begin with \"#\"");
  for (const auto* rows : {"user_id\titem_id\na\tx\n", "user_id;item_id\na;x\n", "user_id|item_id\na|x\n",
                           "1::2::3::4\n", "\n  \nuser_id,item_id\na,x\n"})
    BOOST_TEST(read(std::string("Orders\n") + rows).refusal.find(wanted) != std::string::npos, rows);
  BOOST_TEST(read("a|x\nb|y\n").refusal.find(wanted) != std::string::npos); // no header
}

BOOST_AUTO_TEST_CASE(rows_of_a_table_with_blanks_are_no_lists) {
  BOOST_TEST(read("196 242 3 881250949\n186 302 3 891717742\n196 302 4 881250950\n").refusal ==
             "data:3:1: expected a first line with the columns user_id and item_id, or lists (user item item "
             "…), got \"196 302 4 881250950\": a user has several lines, but not one item on each");
  BOOST_TEST(read("1 10\n1 11\n2 10\n").pairs == "1 10@0, 1 11@1, 2 10@2"); // means the same in both
  BOOST_TEST(!read("1 10\n1 11\n2 10 11\n").refusal.empty());
}

BOOST_AUTO_TEST_CASE(lists_may_have_any_ids_that_are_no_text) {
  BOOST_TEST(read("1 85123A 7\n2 7\n").pairs == "1 85123A@0, 1 7@1, 2 7@2");
  BOOST_TEST(read("anna apple pear\nben pear\n").pairs == "anna apple@0, anna pear@1, ben pear@2");
  BOOST_TEST(read("u-1_a.b 10.1002/x:1 a@b.org #cat O'Neil\n").pairs ==
             "u-1_a.b 10.1002/x:1@0, u-1_a.b a@b.org@1, u-1_a.b #cat@2, u-1_a.b O'Neil@3");
  BOOST_TEST(read("-12 -7\n+49 1\nJürgen é\n").pairs == "-12 -7@0, +49 1@1, Jürgen é@2");
  BOOST_TEST(read("1\n2\n3 4\n").pairs == "3 4@0"); // users without items
  BOOST_TEST(read("7 1 2 3").pairs == "7 1@0, 7 2@1, 7 3@2");
}

BOOST_AUTO_TEST_CASE(only_the_first_hundred_lists_are_checked) {
  std::string lists;
  for (int user = 0; user < 100; ++user)
    lists += std::to_string(user) + " 1 2\n";
  BOOST_TEST(read(lists + "0 a,b 3\n").totals == "101 rows read, 101 used");
  BOOST_TEST(!read(lists.substr(lists.find('\n') + 1) + "1 3\n").refusal.empty());
}

BOOST_AUTO_TEST_CASE(lists_of_a_split_may_have_any_ids) {
  const test::temp_dir dir;
  test::put(dir, "train.txt", "(a) x: y.\n");
  test::put(dir, "test.txt", "(a) word\n");
  row_report report;
  const auto split = test::need(read_split(dir.path(), {}, report));
  BOOST_TEST(split.users.size() == 1U);
  BOOST_TEST(split.items.size() == 3U);
}

BOOST_AUTO_TEST_CASE(parts_have_the_layout_of_the_first) {
  const auto refusal = [](std::string_view first, std::string_view second) {
    const test::temp_dir dir;
    test::put(dir, "part-00000.csv", first);
    test::put(dir, "part-00001.csv", second);
    auto refused = read(dir, dir.path() + "/").refusal;
    const auto again = refused.find(dir.path());
    return again == std::string::npos ? refused : refused.erase(again, dir.path().size() + 1);
  };
  BOOST_TEST(refusal("user_id,item_id\na,x\n", "Export failed: access denied\n") ==
             "part-00001.csv:1:1: expected a table with a header, separated by \",\", as in part-00000.csv, "
             "got \"Export failed: access denied\"");
  BOOST_TEST(refusal("user_id,item_id\na,x\n", "user_id;item_id\na;x\n") != "");
  BOOST_TEST(refusal("1::2::3::4\n", "Export failed\n") ==
             "part-00001.csv:1:1: expected rows of 4 fields, separated by \"::\", as in part-00000.csv, got "
             "\"Export failed\"");
  BOOST_TEST(refusal("a\tx\n", "a\tx\t5\n") != "");
  BOOST_TEST(
      refusal("1 2\n2 3\n", "user_id,item_id\na,x\n").find("expected lists (user item item …), as in") !=
      std::string::npos);
  BOOST_TEST(refusal("1 2\n2 3\n", "Export failed\n") != "");
  BOOST_TEST(refusal("user_id,item_id\na,x\n", "user_id,price,item_id\nb,1,y\n") == "");
  BOOST_TEST(refusal("user_id,item_id,timestamp\na,x,5\n", "user_id,item_id\nb,y\n") ==
             "part-00001.csv:1:1: expected a table with the columns user, item, time, as in part-00000.csv, "
             "got \"user_id,item_id\"");
  BOOST_TEST(refusal("user_id,item_id\na,x\n", "user_id,item_id,rating\nb,y,2\n") != "");
  BOOST_TEST(refusal("1 2 3\n", "1 4 5\n") == "");
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

BOOST_AUTO_TEST_CASE(items_are_read_and_copied_from_a_pipe_in_one_pass) {
  const test::temp_dir dir;
  const auto fifo = dir.path() + "/fifo", copy = dir.path() + "/items.csv";
  BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(fifo) << "year;item_id\n1999;x\n2001;2.0\n2003;z\n"; });
  row_report report;
  auto into = test::need(item_table_writer::create(copy));
  const auto metadata = read_item_metadata(fifo, ids({"x", "2"}), {}, report, &into);
  writer.join();
  BOOST_TEST(test::need(metadata).known == 2U);
  BOOST_REQUIRE(into.close(fifo));
  BOOST_TEST(test::bytes_of(copy) == "sep=;\nitem_id;year\nx;1999\n2;2001\nz;2003\n");
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
