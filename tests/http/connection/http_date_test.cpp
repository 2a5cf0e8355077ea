#include "http/connection/http_date.hpp"

#include "tests/http/running_server.hpp"

namespace winnow::http::test {

BOOST_AUTO_TEST_SUITE(dates)

BOOST_AUTO_TEST_CASE(the_text_is_that_of_the_rfc) {
  http_date date;
  BOOST_TEST(date.at(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  BOOST_TEST(date.at(951'782'400) == "Tue, 29 Feb 2000 00:00:00 GMT");
  BOOST_TEST(date.at(784'111'778) == "Sun, 06 Nov 1994 08:49:38 GMT");
}

BOOST_AUTO_TEST_CASE(it_is_kept_for_one_second_only) {
  http_date date;
  date.at(0);
  const auto before = std::time(nullptr);
  const std::string text(date.now());
  http_date again;
  BOOST_TEST(
      (text == again.at(before) || text == again.at(before + 1) || text == again.at(std::time(nullptr))));
}

BOOST_AUTO_TEST_CASE(every_answer_has_one) {
  const running_server server;
  raw_client client(server.port());
  for (const auto& bytes : {get("/health"), get("/nothing"), get("/health/"), get("/throw")}) {
    const std::string date = client.ask(bytes).header("Date");
    BOOST_TEST(date.size() == 29U, date);
    BOOST_TEST(date.substr(26) == "GMT");
  }
  BOOST_TEST(client.ask("GET\r\n\r\n").header("Date").size() == 29U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
