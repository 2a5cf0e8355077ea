#include "config/settings/values/store_address.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using winnow::parse_store_address;
using winnow::store_address;
using winnow::store_tls;

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

BOOST_AUTO_TEST_CASE(reads_tls_with_the_parameters_of_redis_py) {
  const auto plain = parsed("rediss://h");
  BOOST_TEST(plain.tls.on);
  BOOST_TEST((plain.tls.asked_for == store_tls::proof::name));
  BOOST_TEST(!parsed("redis://h").tls.on);
  const auto address = parsed("rediss://me:pw@h:1/2?ssl_ca_certs=/ca%20.pem&ssl_certfile=/c&ssl_keyfile=/k&"
                              "ssl_server_name=redis.example&ssl_check_hostname=false");
  BOOST_TEST(address.database == 2u);
  BOOST_TEST(address.password == "pw");
  BOOST_TEST(address.tls.authorities == "/ca .pem");
  BOOST_TEST(address.tls.certificate == "/c");
  BOOST_TEST(address.tls.key == "/k");
  BOOST_TEST(address.tls.server_name == "redis.example");
  BOOST_TEST((address.tls.asked_for == store_tls::proof::authority));
  const auto trusting = parsed("rediss://h?db=3&ssl_cert_reqs=none&ssl_check_hostname=true");
  BOOST_TEST(trusting.database == 3u);
  BOOST_TEST((trusting.tls.asked_for == store_tls::proof::none));
  BOOST_TEST((parsed("rediss://h?ssl_cert_reqs=required").tls.asked_for == store_tls::proof::name));
}

BOOST_AUTO_TEST_CASE(reads_sentinels) {
  const auto address = parsed("redis+sentinel://me:p,w@s1,s2:7,[::1]/shop/3?sentinel_username=watch&"
                              "sentinel_password=p%26w&read=replica");
  BOOST_TEST((address.transport == store_address::kind::sentinel));
  BOOST_TEST(to_string(address.sentinels) == "s1:26379,s2:7,[::1]:26379");
  BOOST_TEST(address.master_name == "shop");
  BOOST_TEST(address.database == 3u);
  BOOST_TEST(address.user == "me");
  BOOST_TEST(address.password == "p,w");
  BOOST_TEST(address.sentinel_user == "watch");
  BOOST_TEST(address.sentinel_password == "p&w");
  BOOST_TEST(address.read_replicas);
  BOOST_TEST(!address.tls.on);
  const auto encrypted = parsed("rediss+sentinel://s1/shop");
  BOOST_TEST(encrypted.tls.on);
  BOOST_TEST(!encrypted.read_replicas);
}

BOOST_AUTO_TEST_CASE(reads_clusters) {
  const auto address = parsed("redis+cluster://:pw@n1,n2:7000");
  BOOST_TEST((address.transport == store_address::kind::cluster));
  BOOST_TEST(to_string(address.nodes) == "n1:6379,n2:7000");
  BOOST_TEST(to_string(address) == "redis+cluster://:***@n1:6379,n2:7000");
  BOOST_TEST(parsed("rediss+cluster://n1/0?ssl_cert_reqs=none").tls.on);
  BOOST_TEST(refusal("redis+cluster://n1/2").find("the only one that a cluster has") != std::string::npos);
  BOOST_TEST(refusal("redis+cluster://n1?read=replica").find("expected one of db, got") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(prints_addresses_with_the_password_masked) {
  BOOST_TEST(to_string(parsed("memory:")) == "memory:");
  BOOST_TEST(to_string(parsed("redis://h")) == "redis://h:6379/0");
  BOOST_TEST(to_string(parsed("redis://u%40:secret@[::1]:1/2")) == "redis://u%40:***@[::1]:1/2");
  BOOST_TEST(to_string(parsed("unix://:secret@/s?db=1")) == "unix://:***@/s?db=1");
  BOOST_TEST(to_string(parsed("rediss://h?ssl_ca_path=/etc/ca&ssl_cert_reqs=none")) ==
             "rediss://h:6379/0?ssl_ca_certs=/etc/ca&ssl_cert_reqs=none");
  BOOST_TEST(to_string(parsed("redis+sentinel://:x@a,b:1/shop?sentinel_password=y&read=replica")) ==
             "redis+sentinel://:***@a:26379,b:1/shop/0?sentinel_password=***&read=replica");
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
  BOOST_TEST(refusal("unix:///s?database=1").find("expected one of db, got") != std::string::npos);
  BOOST_TEST(refusal("redis://h?ssl_ca_certs=/x").find("expected one of db, got") != std::string::npos);
  BOOST_TEST(refusal("rediss://h?decode_responses=true").find("ssl_ca_certs") != std::string::npos);
  BOOST_TEST(refusal("rediss://h?ssl_cert_reqs=maybe") ==
             "ssl_cert_reqs of the store's address: expected required or none");
  BOOST_TEST(refusal("rediss://h?ssl_certfile=").find("expected a file") != std::string::npos);
  BOOST_TEST(refusal("redis+sentinel://a,b").find("the name of the master") != std::string::npos);
  BOOST_TEST(refusal("redis+sentinel://a,,b/shop").find("host of the store's address") == 0u);
  BOOST_TEST(refusal("redis+sentinel://a/shop/x").find("database") == 0u);
  BOOST_TEST(refusal("redis+sentinel://a/shop?sentinel_username=").find("expected a name") !=
             std::string::npos);
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
        "unix://:hush@/", "rediss://:hush@", ":hush@h", "redis://:hush@h/x", "redis+sentinel://:hush@h",
        "redis+sentinel://h/shop?read=x&sentinel_password=hush"})
    BOOST_TEST(refusal(text).find("hush") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(refuses_a_user_without_a_password) {
  refusal("redis://user:@h");
}

BOOST_AUTO_TEST_SUITE_END()
