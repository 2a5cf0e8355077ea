// Directories for --split.
#include "tests/models/training/interactions/read_table.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

namespace winnow {

namespace {

/// Each user with the items of a part: `user: item item, …`.
std::string shown(const item_lists& part, const interaction_split& split) {
  std::string text;
  for (std::size_t user = 0; user < part.users(); ++user) {
    text += (text.empty() ? "" : ", ") + std::string(split.users[user]) + ":";
    for (const auto item : part.of(user))
      text += " " + std::string(split.items[item]);
  }
  return text;
}

/// The training and the test part.
std::string read_given(std::string_view train, std::string_view test, const reading_options& options = {}) {
  const test::temp_dir dir;
  test::put(dir, "train.txt", train);
  test::put(dir, "test.txt", test);
  row_report report;
  const auto split = test::need(read_split(dir.path(), options, report));
  return shown(split.train, split) + " | " + shown(split.test, split);
}

} // namespace

BOOST_AUTO_TEST_SUITE(given_split)

BOOST_AUTO_TEST_CASE(tabs_and_blanks_separate_the_items_of_lists) {
  const std::string expected = "0: 5 3 7, 1: 5 9 | 0: 8, 1: 3 7";
  BOOST_TEST(read_given("0\t5\t3\t7\n1\t5\t9\n", "0\t8\n1\t3\t7\n") == expected);
  BOOST_TEST(read_given("0 5 3\t7\n1 \t 5  9 \n", "0\t8\n1 3\t7\n") == expected);
  BOOST_TEST(read_given("0\t5 3 7\r\n1\t5 9\r\n", "0\t8\r\n1\t3 7\t\r\n") == expected);
  BOOST_TEST(read_given("0\t1\t2\t3\t4\t5\n", "0\t6\t7\n") == "0: 1 2 3 4 5 | 0: 6 7");
}

BOOST_AUTO_TEST_CASE(tabs_separate_columns_where_users_have_several_rows) {
  BOOST_TEST(read_given("0\t5\t1\t10\n1\t5\t1\t10\n0\t6\t1\t9\n", "1\t6\t1\t20\n") ==
             "0: 6 5, 1: 5 | 0:, 1: 6");
  BOOST_TEST(read_given("user_id\titem_id\n0\tx y\n1\tz\n", "user_id\titem_id\n1\tw\n") ==
             "0: x y, 1: z | 0:, 1: w");
  BOOST_TEST(read_given("0\tx\t5\n1\ty\t4\n", "0\tz\t4\n", test::with_columns("user=1,item=2,rating=3")) ==
             "0: x, 1: y | 0: z, 1:");
}

BOOST_AUTO_TEST_CASE(a_fifo_is_named_and_not_waited_for) {
  for (const std::string name : {"train.txt", "valid.txt", "test.txt", "train.txt/part-0"}) {
    const test::temp_dir dir;
    if (name == "train.txt/part-0")
      std::filesystem::create_directory(dir.path() + "/train.txt");
    else if (name != "train.txt")
      test::put(dir, "train.txt", "0 5 3\n");
    const auto fifo = dir.path() + "/" + name;
    BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
    row_report report;
    const auto split = read_split(dir.path(), {}, report);
    BOOST_REQUIRE(!split);
    BOOST_TEST(split.error().message == fifo + ": expected a regular file, got a FIFO");
  }
}

BOOST_AUTO_TEST_CASE(a_fifo_in_the_folder_of_the_offline_job_is_named_and_not_waited_for) {
  for (const std::string name : {"lightgcn_data.csv", "train_data.csv"}) {
    const test::temp_dir dir;
    if (name == "train_data.csv")
      test::put(dir, "lightgcn_data.csv", "user_id,item_id\na,x\n");
    BOOST_REQUIRE_EQUAL(::mkfifo((dir.path() + "/" + name).c_str(), 0600), 0);
    BOOST_TEST(test::read(dir, dir.path()).refusal == name + ": expected a regular file, got a FIFO");
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
