#include "config/settings/store_address.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using winnow::parse_store_address;
using winnow::store_address;

namespace {

store_address parsed(std::string_view text) {
  auto address = parse_store_address(text);
  BOOST_REQUIRE_MESSAGE(address.has_value(), text << ": " << (address ? "" : address.error().message));
  return *address;
}

std::string refusal(std::string_view text) {
  const auto address = parse_store_address(text);
  BOOST_REQUIRE_MESSAGE(!address.has_value(), text);
  BOOST_TEST((address.error().cause == winnow::fault::invalid_argument));
  return address.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(store_addresses)

BOOST_AUTO_TEST_CASE(reads_the_embedded_store) {
  BOOST_TEST((parsed("memory:").transport == store_address::kind::memory));
}

BOOST_AUTO_TEST_CASE(reads_a_whole_redis_address) {
  const auto address = parsed("redis://reader:pass@db.example:6380/3");
  BOOST_TEST((address.transport == store_address::kind::tcp));
  BOOST_TEST(address.host == "db.example");
  BOOST_TEST(address.port == 6380);
  BOOST_TEST(address.database == 3u);
  BOOST_TEST(address.user == "reader");
  BOOST_TEST(address.password == "pass");
}

BOOST_AUTO_TEST_CASE(fills_in_port_and_database) {
  for (const auto* text : {"redis://localhost", "redis://localhost/", "redis://localhost:6379/0"}) {
    const auto address = parsed(text);
    BOOST_TEST(address.host == "localhost");
    BOOST_TEST(address.port == 6379);
    BOOST_TEST(address.database == 0u);
    BOOST_TEST(address.password.empty());
  }
}

BOOST_AUTO_TEST_CASE(reads_ipv6_hosts_in_brackets) {
  BOOST_TEST(parsed("redis://[::1]").host == "::1");
  const auto address = parsed("redis://:pw@[fe80::1]:7000/2");
  BOOST_TEST(address.host == "fe80::1");
  BOOST_TEST(address.port == 7000);
}

BOOST_AUTO_TEST_CASE(decodes_user_and_password) {
  const auto address = parsed("redis://a%3Ab:p%40%2F%25%20@host");
  BOOST_TEST(address.user == "a:b");
  BOOST_TEST(address.password == "p@/% ");
}

BOOST_AUTO_TEST_CASE(accepts_unencoded_characters_in_a_password) {
  const auto address = parsed("redis://:a@b/c:d@host/1");
  BOOST_TEST(address.password == "a@b/c:d");
  BOOST_TEST(address.host == "host");
  BOOST_TEST(address.database == 1u);
}

BOOST_AUTO_TEST_CASE(reads_unix_sockets) {
  BOOST_TEST(parsed("unix:///run/redis.sock").path == "/run/redis.sock");
  const auto address = parsed("unix://me:pw@/run/a@/redis.sock?db=4");
  BOOST_TEST((address.transport == store_address::kind::unix_socket));
  BOOST_TEST(address.path == "/run/a@/redis.sock");
  BOOST_TEST(address.user == "me");
  BOOST_TEST(address.password == "pw");
  BOOST_TEST(address.database == 4u);
  BOOST_TEST(parsed("unix:///run/a@/redis.sock").path == "/run/a@/redis.sock");
}

BOOST_AUTO_TEST_CASE(prints_addresses_with_the_password_masked) {
  BOOST_TEST(to_string(parsed("memory:")) == "memory:");
  BOOST_TEST(to_string(parsed("redis://h")) == "redis://h:6379/0");
  BOOST_TEST(to_string(parsed("redis://u%40:secret@[::1]:1/2")) == "redis://u%40:***@[::1]:1/2");
  BOOST_TEST(to_string(parsed("unix://:secret@/s?db=1")) == "unix://:***@/s?db=1");
}

BOOST_AUTO_TEST_CASE(names_the_invalid_part) {
  BOOST_TEST(refusal("redis://h:port").find("port of the store's address") == 0u);
  BOOST_TEST(refusal("redis://h:0").find("from 1 to 65535, got \"0\"") != std::string::npos);
  BOOST_TEST(refusal("redis://h:65536").find("got \"65536\"") != std::string::npos);
  BOOST_TEST(refusal("redis://h/one").find("database of the store's address") == 0u);
  BOOST_TEST(refusal("redis://h/0/1").find("database") == 0u);
  BOOST_TEST(refusal("redis://h/-1").find("database") == 0u);
  BOOST_TEST(refusal("redis://").find("host of the store's address") == 0u);
  BOOST_TEST(refusal("redis://:6379").find("host") == 0u);
  BOOST_TEST(refusal("redis://::1").find("brackets") != std::string::npos);
  BOOST_TEST(refusal("redis://[::1").find("\"]\"") != std::string::npos);
  BOOST_TEST(refusal("redis://[::1]6379").find("port") == 0u);
  BOOST_TEST(refusal("redis://a b").find("host") == 0u);
  BOOST_TEST(refusal("unix://relative").find("absolute path") != std::string::npos);
  BOOST_TEST(refusal("unix:///s?database=1").find("db=N") != std::string::npos);
  BOOST_TEST(refusal("rediss://h").find("rediss:// (TLS) is not supported yet") != std::string::npos);
  BOOST_TEST(refusal("https://h").find("got \"https://\"") != std::string::npos);
  BOOST_TEST(refusal("file:").find("expected a directory") != std::string::npos);
  BOOST_TEST(refusal("localhost:6379").find("got \"localhost:6379\"") != std::string::npos);
  refusal("");
  refusal("memory");
  refusal("memory:x");
}

BOOST_AUTO_TEST_CASE(a_directory_is_an_address_of_the_embedded_store) {
  for (const char* path : {"/var/lib/winnow/store", "relative dir", "//x"}) {
    const auto address = parsed(std::string("file:") + path);
    BOOST_TEST((address.transport == store_address::kind::file));
    BOOST_TEST(address.path == path);
    BOOST_TEST(to_string(address) == std::string("file:") + path);
    BOOST_TEST(is_embedded(address));
  }
  BOOST_TEST(is_embedded(parsed("memory:")));
  BOOST_TEST(!is_embedded(parsed("redis://h")));
}

BOOST_AUTO_TEST_CASE(shows_no_password_in_an_error) {
  for (const auto* text :
       {"redis://:hush@h:port", "redis://:hush@", "redis://hush@h", "redis://u:hush%2@h", "redis://u:hush%@h",
        "unix://:hush@/", "rediss://:hush@h", ":hush@h", "redis://:hush@h/x"})
    BOOST_TEST(refusal(text).find("hush") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(refuses_a_user_without_a_password) {
  refusal("redis://user:@h");
}

BOOST_AUTO_TEST_SUITE_END()
