#include "config/settings/values/admin_address.hpp"
#include "tests/config/settings/settings_fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;

BOOST_AUTO_TEST_SUITE(admin_address_suite)

BOOST_AUTO_TEST_CASE(addresses_are_parsed_and_printed) {
  for (const char* text : {"127.0.0.1:8002", "[::1]:0", "winnow.internal:65535", "off",
                           "unix:/run/winnow/admin.sock", "https://127.0.0.1:8002", "https://[::1]:1"}) {
    const auto read = parse_admin_address(text);
    BOOST_TEST_REQUIRE(read.has_value(), text);
    BOOST_TEST(to_string(*read) == text);
  }
  BOOST_TEST(to_string(admin_address()) == "127.0.0.1:8002");
  BOOST_TEST(url_of(admin_address()) == "http://127.0.0.1:8002");
  BOOST_TEST(url_of(*parse_admin_address("https://shop:1")) == "https://shop:1");
  BOOST_TEST(url_of(*parse_admin_address("http://127.0.0.1:8002")) ==
             "http://127.0.0.1:8002"); // as it is printed
  BOOST_TEST(!parse_admin_address("http://127.0.0.1"));
  BOOST_TEST(!parse_admin_address("https://127.0.0.1"));
  for (const char* text : {"", "on", "127.0.0.1", ":8002", "8002", "::1:8002", "[]:1", "host:", "host:65536",
                           "host:-1", "a b:1", "host:1/", "unix:", "unix:relative.sock"})
    BOOST_TEST(!parse_admin_address(text).has_value(), text);
  BOOST_TEST(parse_admin_address("unix:/" + std::string(106, 'x')).has_value());
  BOOST_TEST(!parse_admin_address("unix:/" + std::string(107, 'x')).has_value()); // the limit of the kernel
}

BOOST_AUTO_TEST_CASE(only_loopback_addresses_are_local) {
  for (const char* host : {"127.0.0.1", "127.255.0.9", "::1", "localhost"})
    BOOST_TEST(is_loopback(host), host);
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "127.evil.example", "localhost.evil.example", ""})
    BOOST_TEST(!is_loopback(host), host);
}

BOOST_FIXTURE_TEST_CASE(an_address_reachable_from_other_machines_needs_a_token, settings_fixture) {
  const auto bare = read({"--admin", "0.0.0.0:8002"});
  BOOST_TEST(bare.exit_code == 78);
  BOOST_TEST(bare.text.find("admin-token") != std::string::npos, bare.text);
  variables["WINNOW_ADMIN_TOKEN"] = "hush";
  const auto loaded = load({"--admin", "0.0.0.0:8002"});
  BOOST_TEST(loaded.values.admin.asked_for);
  BOOST_TEST(loaded.values.admin.token == "hush");
  BOOST_TEST(read({"--print-config"}).text.find("hush") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_unix_socket_needs_no_token, settings_fixture) {
  BOOST_TEST(load({"--admin", "unix:/run/winnow/admin.sock"}).values.admin.address.unix_path ==
             "/run/winnow/admin.sock");
}

BOOST_FIXTURE_TEST_CASE(the_default_address_does_not_count_as_set, settings_fixture) {
  BOOST_TEST(!load().values.admin.asked_for);
  BOOST_TEST(load({"--admin", "127.0.0.1:8002"}).values.admin.asked_for);
  variables["WINNOW_ADMIN"] = "off";
  BOOST_TEST(load().values.admin.address.off);
}

BOOST_AUTO_TEST_SUITE_END()
