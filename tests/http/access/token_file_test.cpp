#include "http/access/token_file.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace winnow;
using winnow::http::token_file;
using winnow::http::token_list;

namespace {

std::string problem(const std::string& text) {
  const auto list = token_list::parse(text);
  return list ? "none" : list.error().message;
}

void write(const std::string& path, const std::string& text) {
  std::ofstream(path) << text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_files)

BOOST_AUTO_TEST_CASE(lines_name_a_client_a_role_and_a_token) {
  const auto list = token_list::parse("# who may ask\n\n shop full  0123456789abcdef \r\n"
                                      "dash.board\tread\tABCDEFGHIJKLMNOP+/==\n");
  BOOST_REQUIRE(list);
  BOOST_TEST(list->size() == 2u);
  BOOST_TEST(list->find("0123456789abcdef")->name == "shop");
  BOOST_TEST(list->find("0123456789abcdef")->full);
  BOOST_TEST(!list->find("ABCDEFGHIJKLMNOP+/==")->full);
  for (const char* wrong : {"", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeF", "shop"})
    BOOST_TEST(list->find(wrong) == nullptr, wrong);
}

BOOST_AUTO_TEST_CASE(errors_name_the_line_and_never_a_token) {
  const std::string secret = "0123456789abcdef";
  const std::string good = "shop full " + secret + "\n";
  const std::pair<std::string, std::string> wrong[] = {
      {"shop " + secret, "line 1: expected read or full"},
      {good + "shop read ABCDEFGHIJKLMNOP", "line 2: the name \"shop\" is taken"},
      {good + "\nother read " + secret, "line 3: the same token as that of \"shop\""},
      {"shop full short", "line 1: expected one token of at least 16"},
      {"shop full " + secret + " more", "line 1: expected one token"},
      {"shop full 0123456789abcde\xff", "line 1: expected one token"},
      {"s:hop full " + secret, "line 1: expected NAME"},
      {"# nothing\n", "expected at least one line"},
      {"", "expected at least one line"}};
  for (const auto& [text, expected] : wrong) {
    BOOST_TEST(problem(text).find(expected) == 0u, problem(text));
    BOOST_TEST(problem(text).find(secret) == std::string::npos, problem(text));
  }
}

BOOST_AUTO_TEST_CASE(a_broken_file_keeps_the_old_tokens) {
  const test::temp_dir directory;
  const auto path = directory.path() + "/tokens";
  BOOST_TEST(!token_file::open(path));
  write(path, "shop full 0123456789abcdef\n");
  const auto file = token_file::open(path);
  BOOST_REQUIRE(file);
  const auto before = (*file)->current();
  write(path, "shop\n");
  const auto refused = (*file)->reload();
  BOOST_TEST(!refused);
  BOOST_TEST(refused.error().message.find(path + ": line 1") == 0u, refused.error().message);
  BOOST_CHECK((*file)->current() == before);
  write(path, "shop full fedcba9876543210\n");
  BOOST_TEST((*file)->reload().has_value());
  BOOST_TEST((*file)->current()->find("0123456789abcdef") == nullptr);
  BOOST_TEST((*file)->current()->find("fedcba9876543210") != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
