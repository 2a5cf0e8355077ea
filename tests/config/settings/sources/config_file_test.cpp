#include "config/settings/sources/config_file.hpp"

#include "config/text/quoted_text.hpp"
#include "support/temp_dir.hpp"
#include "tests/config/write_file.hpp"

#include <boost/test/unit_test.hpp>

using winnow::parse_config_text;

namespace {

std::string value_in(std::string_view text) {
  const auto entries = parse_config_text(text);
  BOOST_REQUIRE(entries.size() == 1u);
  BOOST_TEST(entries[0].key == "key");
  BOOST_TEST(entries[0].problem == "");
  return entries[0].value;
}

std::string problem_in(std::string_view text) {
  const auto entries = parse_config_text(text);
  BOOST_REQUIRE(entries.size() == 1u);
  return entries[0].problem;
}

} // namespace

BOOST_AUTO_TEST_SUITE(config_file)

BOOST_AUTO_TEST_CASE(reads_numbers_and_words) {
  BOOST_TEST(value_in("key = 8001") == "8001");
  BOOST_TEST(value_in("key=500ms\r\n") == "500ms");
  BOOST_TEST(value_in("  key = true  ") == "true");
  BOOST_TEST(value_in("key =") == "");
}

BOOST_AUTO_TEST_CASE(a_zero_byte_does_not_end_a_value) {
  BOOST_TEST(problem_in(std::string_view("key = tokens\0.new", 17)) == "expected text, got a zero byte");
}

BOOST_AUTO_TEST_CASE(reads_quoted_text) {
  BOOST_TEST(value_in("key = \"two words\"") == "two words");
  BOOST_TEST(value_in("key = 'a, b'") == "a, b");
  BOOST_TEST(value_in("key = \"\"") == "");
  BOOST_TEST(value_in("key = \"a=b\"") == "a=b");
}

BOOST_AUTO_TEST_CASE(distinguishes_comments_from_quoted_text) {
  BOOST_TEST(value_in("# first\n\nkey = 1 # why") == "1");
  BOOST_TEST(value_in("key = \"pass#word\" # it's") == "pass#word");
}

BOOST_AUTO_TEST_CASE(never_cuts_a_secret_short) {
  const auto refused = [](std::string_view text) { return problem_in(text).find("expected quotes") == 0; };
  BOOST_TEST(refused("key = pass#word"));
  BOOST_TEST(refused("key = #S3cret"));
  BOOST_TEST(refused("key=#S3cret"));
  BOOST_TEST(value_in("key = pass # word") == "pass");
  BOOST_TEST(value_in("key = # nothing") == "");
  BOOST_TEST(value_in("key = 1\t# why") == "1");
}

BOOST_AUTO_TEST_CASE(reads_what_is_printed) {
  for (const std::string text : {R"(a"b)", R"(a\b)", R"(\)", R"(")", R"(a\"#'b)"})
    BOOST_TEST(value_in("key = " + winnow::quoted_text(text) + " # source") == text);
  BOOST_TEST(value_in(R"(key = "C:\dir")") == R"(C:\dir)");
}

BOOST_AUTO_TEST_CASE(joins_arrays) {
  BOOST_TEST(value_in("key = [\"https://a.example\", \"https://b.example\"]") ==
             "https://a.example,https://b.example");
}

BOOST_AUTO_TEST_CASE(counts_lines) {
  const auto entries = parse_config_text("\n# comment\none = 1\n\ntwo = 2");
  BOOST_REQUIRE(entries.size() == 2u);
  BOOST_TEST(entries[0].line == 3u);
  BOOST_TEST(entries[1].line == 5u);
}

BOOST_AUTO_TEST_CASE(reports_lines_that_it_cannot_use) {
  BOOST_TEST(problem_in("[http]").find("section") != std::string::npos);
  BOOST_TEST(problem_in("key") == "expected key = value");
  BOOST_TEST(problem_in("= 1") == "expected key = value");
  BOOST_TEST(problem_in("key = two words").find("got 2") != std::string::npos);
  BOOST_TEST(problem_in("key = \"open").find("closing quote") != std::string::npos);
  BOOST_TEST(problem_in("key = [1, 2").find("on one line") != std::string::npos);
  BOOST_TEST(problem_in("k").find("key = value") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(survives_arbitrary_bytes) {
  for (const auto* text :
       {"=", "==", "a=[", "a=]", "a=[]", "\"", "'='", "a.b.c = 1", ".=.", "\xff = \xfe", "a=\"\\\""})
    parse_config_text(text);
}

BOOST_AUTO_TEST_CASE(names_a_missing_file) {
  const winnow::test::temp_dir directory;
  const auto missing = winnow::read_config_file(directory.path() + "/none.conf");
  BOOST_REQUIRE(!missing.has_value());
  BOOST_TEST(missing.error().message.find("none.conf") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_that_is_too_large) {
  const winnow::test::temp_dir directory;
  const auto large = winnow::read_config_file(write_file(directory, "large", std::string(2u << 20u, 'x')));
  BOOST_REQUIRE(!large.has_value());
  BOOST_TEST((large.error().cause == winnow::fault::too_large));
}

BOOST_AUTO_TEST_SUITE_END()
