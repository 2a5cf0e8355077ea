#include "config/settings/values/host_name.hpp"
#include "tests/config/settings/settings_fixture.hpp"

using winnow::parse_host_name;

BOOST_AUTO_TEST_SUITE(host_names)

BOOST_AUTO_TEST_CASE(brackets_around_an_ipv6_address_are_left_out) {
  for (const auto& [text, host] :
       {std::pair("[::1]", "::1"), std::pair("::1", "::1"), std::pair("[fe80::1%eth0]", "fe80::1%eth0"),
        std::pair("127.0.0.1", "127.0.0.1"), std::pair("redis.shop", "redis.shop")})
    BOOST_TEST(parse_host_name(text).value_or("refused") == host, text);
  for (const char* text : {"", "[", "]", "[]", "[::1", "::1]", "[[::1]]", "[redis]", "[127.0.0.1]", "a[::1]",
                           "[::1]:8001", "[::1]b[::2]"})
    BOOST_TEST(!parse_host_name(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(what_is_more_or_less_than_a_host_is_refused) {
  for (const char* text : {"127.0.0.1:80", "redis:6379", "[redis:6379]", "http://127.0.0.1", "redis://h", "*",
                           "unix:/tmp/x", "a b", "a,b", "user@host", "h/0", "::1::2", "h?x"}) {
    const auto host = parse_host_name(text);
    BOOST_TEST_REQUIRE(!host.has_value(), text);
    BOOST_TEST(contains(host.error().message, "expected a"), host.error().message);
  }
  BOOST_TEST(contains(parse_host_name("redis:6379").error().message, "without a port, got \"redis:6379\""));
  for (const char* text : {"redis_1", "a-b.c", "xn--bcher-kva.example",
                           "b\xC3\xBC"
                           "cher",
                           "::", "0.0.0.0"})
    BOOST_TEST(parse_host_name(text).has_value(), text);
}

BOOST_FIXTURE_TEST_CASE(every_host_may_have_them, settings_fixture) {
  variables = {{"REDIS_HOST", "[::1]"}, {"REDIS_TLS_SERVER_NAME", "[::2]"}, {"WINNOW_HOST", "[::3]"}};
  const auto loaded = load({"--redis-tls"});
  BOOST_TEST(loaded.values.http.host == "::3");
  BOOST_TEST(to_string(loaded.values.store.address) ==
             "rediss://[::1]:6379/0?ssl_server_name=" + std::string("%3A%3A2"));
  BOOST_TEST(load({"--host", "[::4]"}).values.http.host == "::4");
  variables = {{"REDIS_SENTINELS", "[::1],[::2]:7"}};
  BOOST_TEST(to_string(load().values.store.address) == "redis+sentinel://[::1]:26379,[::2]:7/mymaster/0");
  const auto cluster = load({"--store", "redis+cluster://[::1]:7,[::2]"});
  BOOST_TEST(to_string(cluster.values.store.address) == "redis+cluster://[::1]:7,[::2]:6379");
  BOOST_TEST(load({"--admin", "[::1]:9"}).values.admin.address.host == "::1");
}

BOOST_FIXTURE_TEST_CASE(a_bracket_alone_is_refused, settings_fixture) {
  BOOST_TEST(contains(refuse({"--host", "[::1"}),
                      "flag --host: expected a \"]\" after the IPv6 address, got \"[::1\""));
  BOOST_TEST(contains(refuse({"--host", "::1]"}),
                      "flag --host: expected brackets around an IPv6 address, or none, got \"::1]\""));
  variables["REDIS_HOST"] = "[redis]";
  BOOST_TEST(contains(refuse(),
                      "environment REDIS_HOST: expected an IPv6 address in the brackets, got \"[redis]\""));
}

BOOST_AUTO_TEST_SUITE_END()
