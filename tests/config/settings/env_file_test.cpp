#include "config/settings/env_file.hpp"

#include "support/temp_dir.hpp"
#include "tests/config/write_file.hpp"

#include <boost/test/unit_test.hpp>

using winnow::parse_env_text;

namespace {

std::string value_in(std::string_view text) {
  const auto entries = parse_env_text(text);
  BOOST_REQUIRE(entries.size() == 1u);
  BOOST_TEST(entries[0].name == "NAME");
  BOOST_TEST(entries[0].problem == "");
  return entries[0].value;
}

std::string problem_in(std::string_view text) {
  const auto entries = parse_env_text(text);
  BOOST_REQUIRE(!entries.empty());
  return entries[0].problem;
}

} // namespace

BOOST_AUTO_TEST_SUITE(env_file)

BOOST_AUTO_TEST_CASE(reads_plain_values) {
  BOOST_TEST(value_in("NAME=value") == "value");
  BOOST_TEST(value_in("NAME = two words \n") == "two words");
  BOOST_TEST(value_in("export NAME=value\r\n") == "value");
  BOOST_TEST(value_in("NAME=") == "");
  BOOST_TEST(value_in("NAME=a=b") == "a=b");
}

BOOST_AUTO_TEST_CASE(distinguishes_comments_from_values) {
  BOOST_TEST(value_in("# NAME=no\n\n  # more\nNAME=yes # why\n") == "yes");
  BOOST_TEST(value_in("NAME=pass#word") == "pass#word");
  BOOST_TEST(value_in("NAME='a # b' # c") == "a # b");
  BOOST_TEST(value_in("NAME=a\t#b") == "a");
  BOOST_TEST(value_in("NAME=#b") == "#b");
  BOOST_TEST(value_in("NAME= # all of it") == "# all of it"); // As python-dotenv reads it.
}

BOOST_AUTO_TEST_CASE(reads_quoted_values) {
  BOOST_TEST(value_in("NAME=\"a \\\"b\\\"\\n\\\\\"") == "a \"b\"\n\\");
  BOOST_TEST(value_in("NAME='a\\n\\'b\\\\'") == "a\\n'b\\");
  BOOST_TEST(value_in("NAME=\"a\\qb\\$\"") == "a\\qb\\$");
  BOOST_TEST(value_in("NAME=a\"b\"") == "a\"b\"");
  BOOST_TEST(value_in("'NAME'=1") == "1");
  BOOST_TEST(value_in("export\tNAME=1") == "1");
  BOOST_TEST(value_in("NAME=\"\"") == "");
  BOOST_TEST(value_in("NAME='C:\\'") == "C:\\"); // nothing else can close it
}

BOOST_AUTO_TEST_CASE(counts_lines_inside_multiline_values) {
  const auto entries = parse_env_text("KEY='-----\nabc\n-----'\n\nNAME=1\n");
  BOOST_REQUIRE(entries.size() == 2u);
  BOOST_TEST(entries[0].value == "-----\nabc\n-----");
  BOOST_TEST(entries[0].line == 1u);
  BOOST_TEST(entries[1].line == 5u);
}

// The expected values are those of python-dotenv 1.0.
BOOST_AUTO_TEST_CASE(expands_variables) {
  const winnow::env_variables variables{{"X", "x"}, {"EMPTY", ""}};
  const auto last = [&](std::string_view text) {
    const auto entries = parse_env_text(text, variables);
    BOOST_REQUIRE(!entries.empty());
    return entries.back().value;
  };
  BOOST_TEST(last("NAME=a${X}b") == "axb");
  BOOST_TEST(last("NAME=${NONE}") == "");
  BOOST_TEST(last("NAME=${NONE:-d}") == "d");
  BOOST_TEST(last("NAME=${NONE:-}") == "");
  BOOST_TEST(last("NAME=${X:-d}") == "x");
  BOOST_TEST(last("NAME=${EMPTY:-d}") == "");
  BOOST_TEST(last("NAME=\"${NONE:-d e}\"") == "d e");
  BOOST_TEST(last("NAME='${NONE:-d}'") == "d");
  BOOST_TEST(last("NAME=$X") == "$X");
  BOOST_TEST(last("NAME=${X") == "${X");
  BOOST_TEST(last("NAME=${X:d}") == "${X:d}");
  BOOST_TEST(last("NAME=${X-d}") == "");
  BOOST_TEST(last("NAME=${NONE:-${X}}") == "${X}");
  BOOST_TEST(last("NAME=${NAME:-z}") == "z");
  BOOST_TEST(last("A=1\nNAME=${A}${A}") == "11");
  BOOST_TEST(last("X=file\nNAME=${X}") == "x");
}

BOOST_AUTO_TEST_CASE(reports_lines_that_it_cannot_use) {
  BOOST_TEST(parse_env_text("NAME\n").empty()); // Sets nothing.
  BOOST_TEST(parse_env_text("export NAME # why\n#\nexport # why\n").empty());
  BOOST_TEST(problem_in("NAME value") == "expected NAME=value");
  BOOST_TEST(problem_in("=value") == "expected NAME=value");
  BOOST_TEST(problem_in("'NAME=value") == "expected NAME=value");
  BOOST_TEST(problem_in("NAME=\"a\" b").find("closing quote") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(continues_after_an_open_quote) {
  const auto entries = parse_env_text("A=\"open\nB=2\n");
  BOOST_REQUIRE(entries.size() == 2u);
  BOOST_TEST(entries[0].problem.find("closing \"") != std::string::npos);
  BOOST_TEST(entries[1].name == "B");
  BOOST_TEST(entries[1].line == 2u);
}

BOOST_AUTO_TEST_CASE(survives_arbitrary_bytes) {
  BOOST_TEST(parse_env_text("").empty());
  for (const auto& entry : parse_env_text("\n\n=\n=x\n \t"))
    BOOST_TEST(entry.problem == "expected NAME=value");
  parse_env_text(std::string_view("\0=\0\n\xff='", 7));
}

BOOST_AUTO_TEST_CASE(names_a_file_that_it_cannot_read) {
  const winnow::test::temp_dir directory;
  const auto missing = winnow::read_env_file(directory.path() + "/none");
  BOOST_REQUIRE(!missing.has_value());
  BOOST_TEST((missing.error().cause == winnow::fault::not_found));
  BOOST_TEST(missing.error().message.find("none") != std::string::npos);
  const auto folder = winnow::read_env_file(directory.path());
  BOOST_REQUIRE(!folder.has_value());
  BOOST_TEST(folder.error().message.find("got a directory") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
