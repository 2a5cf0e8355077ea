#include "config/settings/sources/env_file.hpp"

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

BOOST_AUTO_TEST_CASE(a_zero_byte_does_not_end_a_value) {
  BOOST_TEST(problem_in(std::string_view("NAME=a\0b", 8)) == "expected text, got a zero byte");
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
  BOOST_TEST(last("B\nNAME=${B:-d}") == ""); // A name alone has no value, rather than none.
  BOOST_TEST(last("B=1\nB\nNAME=${B:-d}") == "");
  BOOST_TEST(last("B\nB=1\nNAME=${B:-d}") == "1");
  BOOST_TEST(last("X\nNAME=${X:-d}") == "x");
}

BOOST_AUTO_TEST_CASE(a_name_alone_takes_back_the_lines_above_it) {
  const auto entries = parse_env_text("A=1\nB=2\nA=3\nA # none\n");
  BOOST_REQUIRE(entries.size() == 1u);
  BOOST_TEST(entries[0].name == "B");
  BOOST_TEST(parse_env_text("A=1\nA\nA=2\n").at(0).value == "2");
  BOOST_TEST(parse_env_text("A b\nA\n").at(0).problem == "expected NAME=value");
}

BOOST_AUTO_TEST_CASE(knows_values_that_look_like_comments) {
  for (const char* text : {"NAME= # b", "NAME=\t#", "NAME=\u00a0#b"})
    BOOST_TEST(parse_env_text(text).at(0).looks_like_comment, text);
  for (const char* text : {"NAME=#b", "NAME= a #b", "NAME= '# b'", "NAME=  ", "NAME="})
    BOOST_TEST(!parse_env_text(text).at(0).looks_like_comment, text);
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

// The blanks are those of Python's `\s`.
BOOST_AUTO_TEST_CASE(blanks_may_be_those_of_unicode) {
  for (const std::string blank :
       {"\x1c",   "\x1d",   "\x1e",   "\x1f",   "\u0085", "\u00a0", "\u1680", "\u2000",
        "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
        "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"}) {
    BOOST_TEST(value_in(blank + "NAME" + blank + "=" + blank + "a" + blank + "b" + blank) ==
               "a" + blank + "b");
    BOOST_TEST(value_in("export" + blank + "NAME=\"v\"" + blank + "# why") == "v");
    BOOST_TEST(value_in("NAME=v" + blank + "# why") == "v");
  }
  for (const std::string other : {"\u200b", "\ufeff", "\u180e", "\u00e9"}) {
    BOOST_TEST(value_in("NAME=v" + other) == "v" + other);
    BOOST_TEST(parse_env_text(other + "NAME=1").at(0).name == other + "NAME");
  }
}

BOOST_AUTO_TEST_CASE(reports_lines_that_look_as_if_they_should_set_one_of_its_own_variables) {
  for (const std::string text :
       {"WINNOW_PORT", "export WINNOW_PORT", "WINNOW_PORT # why", "WINNOW_PORT: 80", "WINNOW_PORT: a=b",
        "set WINNOW_PORT=80", "SET \"WINNOW_PORT=80\"", "EXPORT WINNOW_PORT=80", "setenv WINNOW_PORT 80",
        "- WINNOW_PORT=80", "- WINNOW_PORT: 80", "\"WINNOW_PORT\": \"80\",", "{\"WINNOW_PORT\": 80}",
        "declare -x WINNOW_PORT=80", "$env:WINNOW_PORT = 80", "sudo WINNOW_PORT=80 winnowd", "winnow_port 80",
        "\u200bWINNOW_PORT", "A=\"b\" WINNOW_PORT=80"}) {
    const auto entries = parse_env_text(text);
    BOOST_REQUIRE_MESSAGE(!entries.empty(), text);
    BOOST_TEST(entries.back().name == "WINNOW_PORT", text);
    BOOST_TEST(entries.back().problem.find("expected WINNOW_PORT=VALUE, got \"") == 0u, text);
    BOOST_TEST(entries.back().line == 1u, text);
  }
  BOOST_TEST(problem_in("  set WINNOW_PORT=80") == "expected WINNOW_PORT=VALUE, got \"set WINNOW_PORT\"");
  BOOST_TEST(problem_in("WINNOW_PORT: 80") == "expected WINNOW_PORT=VALUE, got \"WINNOW_PORT:\"");
  BOOST_TEST(problem_in(std::string(90, '-') + " WINNOW_PORT=") ==
             "expected WINNOW_PORT=VALUE, got \"WINNOW_PORT\"");
}

BOOST_AUTO_TEST_CASE(reports_names_that_are_set_in_the_place_of_its_own_variables) {
  for (const std::string name :
       {"\"WINNOW_PORT\"", "$env:WINNOW_PORT", "\u200bWINNOW_PORT", "\ufeffWINNOW_PORT", "WINNOW_PORT\u200b",
        "winnow_port", "Winnow_Port", "WINNOW_PORT:", ";WINNOW_PORT"}) {
    const auto entries = parse_env_text(name + "=80");
    BOOST_REQUIRE_MESSAGE(entries.size() == 2u, name);
    BOOST_TEST(entries[0].name == name);
    BOOST_TEST(entries[0].problem == "");
    BOOST_TEST(entries[1].name == "WINNOW_PORT");
    BOOST_TEST(entries[1].problem.find("expected WINNOW_PORT=VALUE, got ") == 0u, entries[1].problem);
  }
  BOOST_TEST(
      parse_env_text("\u200bWINNOW_PORT=80").at(1).problem ==
      "expected WINNOW_PORT=VALUE, got \"\u200bWINNOW_PORT\", which has characters that are not ASCII");
}

BOOST_AUTO_TEST_CASE(reports_its_own_variables_within_quotes) {
  for (const std::string text : {"A=\"x\n\nWINNOW_PORT=\"80\"\n", "A='x\n\nWINNOW_PORT='80'\n",
                                 "A=\"x\n\nexport WINNOW_PORT=80\nB=\"y\"\n", "A='x\n\nwinnow_port=80\nB='\n",
                                 "'A\n\nWINNOW_PORT='80'\n", "A=\"x\n\n\" WINNOW_PORT=80\n"}) {
    std::vector<std::size_t> lines;
    for (const auto& entry : parse_env_text(text))
      if (entry.name == "WINNOW_PORT" && !entry.problem.empty())
        lines.push_back(entry.line);
    BOOST_TEST(lines == std::vector<std::size_t>{3}, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(values_and_comments_may_mention_its_own_variables) {
  for (const std::string text :
       {"NOTE=see WINNOW_PORT", "NOTE=WINNOW_PORT=80", "NOTE=\"WINNOW_PORT=80\"", "HOST=${WINNOW_HOST}",
        "NOTE='a\nWINNOW_PORT: the port\nsee WINNOW_PORT=80\n# WINNOW_PORT=80\n'", "MY_WINNOW_PORT=80",
        "WINNOW_PORT=80 # WINNOW_HOST=", "'WINNOW_PORT'=80", "A=\"b\" # WINNOW_PORT=80"}) {
    const auto entries = parse_env_text(text);
    BOOST_TEST(entries.size() == 1u, text);
    BOOST_TEST(entries.at(0).problem == "", text);
  }
  for (const std::string text :
       {"# WINNOW_PORT=80", "NAME # WINNOW_PORT", "# a\n #WINNOW_PORT\n", "MY_WINNOW_PORT"})
    BOOST_TEST(parse_env_text(text).empty(), text);
  for (const std::string text :
       {"NOTE: see WINNOW_PORT", "see WINNOW_PORT", "unset WINNOW_PORT", "WINNOW_: x"})
    BOOST_TEST(problem_in(text) == "expected NAME=value", text);
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

BOOST_AUTO_TEST_CASE(refuses_text_that_is_not_utf8) {
  using namespace std::string_view_literals;
  const winnow::test::temp_dir directory;
  const auto refusal = [&](std::string_view text) {
    const auto file = write_file(directory, "env", text);
    const auto entries = winnow::read_env_file(file);
    BOOST_REQUIRE(!entries.has_value());
    BOOST_TEST((entries.error().cause == winnow::fault::malformed));
    BOOST_TEST(entries.error().message.find(file) == 0u);
    return entries.error().message.substr(file.size());
  };
  for (const auto text : {"\xff\xfe"
                          "A\0=\0001\0"sv,
                          "\xfe\xff\0A\0=\0001"sv, "A\0=\0001\0\n\0"sv, "\0A\0=\0001\0\n"sv})
    BOOST_TEST(refusal(text) == ": expected text in UTF-8, got UTF-16");
  BOOST_TEST(refusal("A=1\nB=2\0\n"sv) == ":2: expected text in UTF-8, got the byte \"\\x00\"");
  BOOST_TEST(refusal("# \u00e9\n\n# \xe9\n") == ":3: expected text in UTF-8, got the byte \"\\xe9\"");
  const auto marked = winnow::read_env_file(write_file(directory, "env", "\ufeffNAME=\u00e9\U0001f600"));
  BOOST_REQUIRE(marked.has_value());
  BOOST_TEST(marked->at(0).name == "NAME");
}

BOOST_AUTO_TEST_SUITE_END()
