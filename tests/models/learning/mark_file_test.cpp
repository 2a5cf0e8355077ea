#include "models/learning/mark_file.hpp"

#include "tests/models/fixtures.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace winnow;
using namespace winnow::test;

constexpr const char* head = "user_id,items,tail\n";

std::string refusal(const std::string& text) {
  const temporary_file file(text);
  user_marks marks(10);
  const auto read = read_marks(file.path(), marks);
  BOOST_REQUIRE(!read);
  const auto prefix = file.path().string() + ":";
  BOOST_REQUIRE_EQUAL(read.error().message.substr(0, prefix.size()), prefix);
  return read.error().message.substr(prefix.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(mark_file)

BOOST_AUTO_TEST_CASE(is_read_back_as_it_was_written) {
  id_table users;
  for (const char* id : {"plain", "with,comma", "with\"quote", "0764227971"})
    users.insert(id);
  const std::vector<history_mark> written{{1, 0}, {0, 4'294'967'295}, {4'294'967'295, 7}, {12, 34}};
  const temporary_directory dir;
  const auto path = dir.path() / counted_histories_file;
  BOOST_REQUIRE(write_marks(path, users, written));
  user_marks read(10);
  BOOST_REQUIRE(read_marks(path, read));
  BOOST_CHECK_EQUAL(read.size(), users.size());
  for (std::size_t user = 0; user < users.size(); ++user)
    BOOST_CHECK(read.find(user_marks::hash_of(users[user])) == std::optional(written[user]));
}

BOOST_AUTO_TEST_CASE(of_more_users_than_there_is_room_for_the_first_are_noted) {
  const temporary_file file(std::string(head) + "a,1,2\nb,3,4\n");
  user_marks marks(1);
  BOOST_CHECK(read_marks(file.path(), marks));
  BOOST_CHECK(marks.find(user_marks::hash_of("a")));
  BOOST_CHECK(!marks.find(user_marks::hash_of("b")));
}

BOOST_AUTO_TEST_CASE(errors_name_line_and_column_and_what_was_expected) {
  const auto number = [](const std::string& got) {
    return "expected a number from 0 to 4294967295, got \"" + got + "\"";
  };
  BOOST_CHECK_EQUAL(refusal(std::string(head) + "a,1,2\nb,x,2\n"), "3:3: " + number("x"));
  BOOST_CHECK_EQUAL(refusal(std::string(head) + "a,1,-1\n"), "2:5: " + number("-1"));
  BOOST_CHECK_EQUAL(refusal(std::string(head) + "a,4294967296,1\n"), "2:3: " + number("4294967296"));
  BOOST_CHECK_EQUAL(refusal(std::string(head) + "a,1,2 \n"), "2:5: " + number("2 "));
  BOOST_CHECK_EQUAL(refusal(std::string(head) + "a,,2\n"), "2:3: " + number(""));
  BOOST_CHECK_EQUAL(refusal(std::string(head) + "a,1\n"), "2:1: expected 3 fields, got 2");
  BOOST_CHECK_EQUAL(refusal("user_id,items\n"), "1:1: expected 3 fields, got 2");
}

BOOST_AUTO_TEST_CASE(names_a_file_that_cannot_be_read) {
  const temporary_directory dir;
  user_marks marks(10);
  const auto read = read_marks(dir.path() / "none.csv", marks);
  BOOST_REQUIRE(!read);
  BOOST_CHECK(read.error().message.find("none.csv") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
