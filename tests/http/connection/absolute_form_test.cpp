#include "http/connection/request_target.hpp"
#include "tests/http/running_server.hpp"

namespace winnow::http::test {

namespace {

std::string asking(std::string_view target, std::string_view host, std::string_view method = "GET") {
  std::string bytes(method);
  return bytes.append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n\r\n");
}

std::string normal(std::string_view authority, std::string_view scheme = "http") {
  return normal_authority(authority, scheme).value_or("malformed");
}

} // namespace

BOOST_AUTO_TEST_SUITE(absolute_form)

BOOST_AUTO_TEST_CASE(a_target_is_split) {
  const auto parts = split_absolute("HTTP://Shop:8001?a=b/c");
  BOOST_REQUIRE(parts.has_value());
  BOOST_TEST(parts->scheme == "HTTP");
  BOOST_TEST(parts->authority == "Shop:8001");
  BOOST_TEST(parts->rest == "?a=b/c");
  for (const char* other : {"*", "shop:443", "/health", "ftp://shop/", "", "http:/shop", "javascript://shop"})
    BOOST_TEST(!split_absolute(other), other);
}

BOOST_AUTO_TEST_CASE(authorities_are_compared_as_the_rfc_says) {
  BOOST_TEST(normal("Shop.Example") == "shop.example");
  BOOST_TEST(normal("shop:80") == "shop");
  BOOST_TEST(normal("shop:") == "shop");
  BOOST_TEST(normal("shop:0080") == "shop");
  BOOST_TEST(normal("shop:443", "https") == "shop");
  BOOST_TEST(normal("shop:443") == "shop:443");
  BOOST_TEST(normal("[0:0::1]:8001") == "[::1]:8001");
  BOOST_TEST(normal("[2001:DB8::A]") == "[2001:db8::a]");
  BOOST_TEST(normal("[FE80:0::1%25eth0]:8001") == "[fe80::1%25eth0]:8001"); // RFC 6874
  BOOST_TEST(normal("[fe80::1%25a%20b]:80") == "[fe80::1%25a%20b]");
  for (const char* wrong : {"", ":80", "shop:x", "shop:65536", "shop:0", "me@shop", "me:pw@shop:80", "[::1",
                            "::1", "[shop]", "[::1]x", "sh op", "a,b/c", "[fe80::1%eth0]", "[fe80::1%25]",
                            "[fe80::1%25a%2]", "[fe80::1%25a/b]", "[%25eth0]"})
    BOOST_TEST(normal(wrong) == "malformed", wrong);
}

BOOST_AUTO_TEST_CASE(it_is_served_like_a_path) {
  const running_server server;
  raw_client client(server.port());
  BOOST_TEST(client.ask(asking("http://shop:8001/health", "shop:8001")).body == "ok");
  BOOST_TEST(client.ask(asking("HTTP://SHOP/health", "shop:80")).body == "ok");
  BOOST_TEST(client.ask(asking("http://[::1]:8001/echo/a%20b?q=c", "[0::1]:8001")).body == "c");
  BOOST_TEST(client.ask(asking("/health", "[fe80::1%25eth0]:8001")).body == "ok");
  BOOST_TEST(client.ask(asking("https://shop/health/", "shop:443")).header("Location") == "/health");
  BOOST_TEST(client.ask(asking("http://shop", "shop")).status == 404U);
  BOOST_TEST(client.ask(asking("http://shop?a", "shop")).status == 404U);
  BOOST_TEST(client.ask(asking("http://shop", "shop", "OPTIONS")).status == 204U);
  BOOST_TEST(server.exchanges().front().target == "/health");
  BOOST_TEST(raw_client(server.port()).ask("GET http://shop/health HTTP/1.0\r\n\r\n").body == "ok");
}

BOOST_AUTO_TEST_CASE(the_host_must_agree) {
  const running_server server;
  for (const auto& [target, host] :
       {std::pair("http://shop/health", "other"), std::pair("http://shop:8001/health", "shop"),
        std::pair("http://me@shop/health", "shop"), std::pair("http://me@shop/health", "me@shop"),
        std::pair("http:///health", ""), std::pair("http://[::1]/health", "[::2]"),
        std::pair("http://shop/health", "")}) {
    raw_client client(server.port());
    BOOST_TEST(client.ask(asking(target, host)).status == 400U, target << " " << host);
    BOOST_TEST(client.is_closed());
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
