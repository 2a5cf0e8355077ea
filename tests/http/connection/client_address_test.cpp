#include "http/connection/client_address.hpp"

#include "support/wait_until.hpp"
#include "tests/http/running_server.hpp"

namespace winnow::http::test {

using winnow::test::wait_until;

namespace {

const network_list proxies = network_list::parse("10.0.0.0/8, 2001:db8:ffff::/48").value();

std::string client(std::string_view x_forwarded_for, std::string_view forwarded = {}) {
  return forwarded_client(x_forwarded_for, forwarded, proxies);
}

std::string limited(std::string_view address) {
  return limited_name(parse_ip(address).value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(client_addresses)

BOOST_AUTO_TEST_CASE(the_last_address_that_is_no_proxy_counts) {
  BOOST_TEST(client("192.0.2.1") == "192.0.2.1");
  BOOST_TEST(client("203.0.113.9, 192.0.2.1, 10.1.1.1") ==
             "192.0.2.1"); // The first is the client's own invention.
  BOOST_TEST(client("10.0.0.7") == "10.0.0.7");
  BOOST_TEST(client("192.0.2.1:4711") == "192.0.2.1");
  BOOST_TEST(client("2001:db8::1") == "2001:db8::1");
  BOOST_TEST(client("[2001:db8::1]:4711") == "2001:db8::1");
  BOOST_TEST(client("192.0.2.1, unknown, 10.0.0.1") == "10.0.0.1");
  for (const char* nonsense : {"", ",", "unknown", "192.0.2.1, x", "192.0.2.300"})
    BOOST_TEST(client(nonsense) == "", nonsense);
}

BOOST_AUTO_TEST_CASE(forwarded_is_read_too) {
  BOOST_TEST(client("", "for=192.0.2.1") == "192.0.2.1");
  BOOST_TEST(client("", "proto=https;For=\"[2001:db8::1]:80\";by=10.0.0.1, for=10.0.0.2") == "2001:db8::1");
  BOOST_TEST(client("", "for=_hidden") == "");
  BOOST_TEST(client("", "for=\"a,b\";proto=http, for=1.2.3.4") == "1.2.3.4");
  BOOST_TEST(client("", "for=\"192.0.2\\.1\", for=10.0.0.2") == "192.0.2.1");
  BOOST_TEST(client("192.0.2.1", "for=192.0.2.2") == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(separators_in_quotes_separate_nothing) {
  BOOST_TEST(client("", "x=\"a,for=192.0.2.9;b=\", for=10.0.0.1") == "10.0.0.1");
  BOOST_TEST(client("", "for=192.0.2.1;x=\"a;for=192.0.2.9;b=\"") == "192.0.2.1");
  BOOST_TEST(client("", "for=192.0.2.1;host=x;for=192.0.2.9, for=10.0.0.1") == "10.0.0.1");
  BOOST_TEST(client("", "for=192.0.2.1;x=\"\\\\\", for=\"10.0.0.1\"") == "192.0.2.1");
  BOOST_TEST(client("", "for=192.0.2.1;x=\"\\\",for=192.0.2.9;\", for=10.0.0.1") == "192.0.2.1");
}

// A client's header comes first in the one that the proxy sends.
BOOST_AUTO_TEST_CASE(an_open_quote_of_the_client_hides_nothing) {
  for (const char* sent : {"for=192.0.2.9;x=\"", "\"", "for=192.0.2.9, x=\"\\", "for=192.0.2.9;x=\"a\\\""})
    for (const char* appended : {", for=192.0.2.1", ", for=\"192.0.2.1:80\"", ", by=\"a\";for=\"192.0.2.1\""})
      BOOST_TEST(client("", std::string(sent) + appended) == "192.0.2.1", sent << appended);
}

BOOST_AUTO_TEST_CASE(the_limit_counts_by_address_or_network) {
  BOOST_TEST(limited("192.0.2.1") != limited("192.0.2.2"));
  BOOST_TEST(limited("192.0.2.1") == limited("::ffff:192.0.2.1"));
  BOOST_TEST(limited("2001:db8::1") == limited("2001:db8::ffff:1"));
  BOOST_TEST(limited("2001:db8::1") != limited("2001:db8:0:1::1"));
  for (const char* own : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
    BOOST_TEST(limited(own) == "", own);
}

BOOST_AUTO_TEST_CASE(only_trusted_proxies_are_believed) {
  http_settings settings = local();
  const std::string header = "X-Forwarded-For: 192.0.2.1\r\n";
  {
    const running_server server(settings);
    raw_client(server.port()).ask(get("/health", header));
    BOOST_REQUIRE(wait_until([&] { return server.exchanges().size() == 1; }));
    BOOST_TEST(server.exchanges().at(0).client.substr(0, 10) == "127.0.0.1:");
  }
  settings.trusted_proxies = "127.0.0.0/8";
  const running_server server(settings);
  raw_client proxy(server.port());
  proxy.ask(get("/health", header));
  proxy.ask(get("/health", "Forwarded: for=\"[2001:db8::1]\"\r\n"));
  proxy.ask(get("/health"));
  BOOST_REQUIRE(wait_until([&] { return server.exchanges().size() == 3; }));
  const auto seen = server.exchanges();
  BOOST_TEST(seen.at(0).client == "192.0.2.1");
  BOOST_TEST(seen.at(1).client == "2001:db8::1");
  BOOST_TEST(seen.at(2).client.substr(0, 10) == "127.0.0.1:");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
