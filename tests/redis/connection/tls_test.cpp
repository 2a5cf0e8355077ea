#include "redis/changes/redis_change_tracker.hpp"
#include "redis/store/redis_store.hpp"
#include "redis/store_check.hpp"
#include "store_backends.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"
#include "tls_server.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <sys/stat.h>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

/// Why the store cannot be reached.
error refusal(const store_settings& settings) {
  redis_store store(settings);
  const auto probed = store.probe();
  BOOST_REQUIRE(!probed.has_value());
  return probed.error();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

constexpr auto overwrite = std::filesystem::copy_options::overwrite_existing;

const tls_server& shared() {
  static const tls_server server;
  return server;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(verifies_the_name_in_the_certificate) {
  auto settings = shared().settings();
  BOOST_TEST(redis_store(settings).probe().has_value()); // 127.0.0.1
  settings.address.host = "localhost";
  BOOST_TEST(redis_store(settings).probe().has_value());
  settings.address.tls.server_name = "redis.example";
  const auto why = refusal(settings);
  BOOST_TEST((why.cause == fault::denied));
  BOOST_TEST(contains(why.message, "the server's certificate is not for redis.example"), why.message);
  BOOST_TEST(why.public_message == "the profile store cannot be reached");
  settings.address.tls.asked_for = store_tls::proof::authority;
  BOOST_TEST(redis_store(settings).probe().has_value());
}

BOOST_AUTO_TEST_CASE(an_address_in_numbers_must_be_in_the_certificate) {
  auto settings = shared().settings();
  settings.address.tls.server_name = "127.0.0.2";
  const auto why = refusal(settings);
  BOOST_TEST(contains(why.message, "not for 127.0.0.2"), why.message);
}

BOOST_AUTO_TEST_CASE(verifies_the_authority) {
  const authority other;
  auto settings = shared().settings();
  for (const std::string& file : {other.file(), std::string()}) { // empty: those of the system
    settings.address.tls.authorities = file;
    const auto why = refusal(settings);
    BOOST_TEST((why.cause == fault::denied));
    BOOST_TEST(contains(why.message, "the authority of the server's certificate is unknown"), why.message);
  }
  settings.address.tls.asked_for = store_tls::proof::none;
  BOOST_TEST(redis_store(settings).probe().has_value());
}

BOOST_AUTO_TEST_CASE(refuses_an_expired_certificate) {
  const tls_server expired(false, -1);
  const auto why = refusal(expired.settings());
  BOOST_TEST((why.cause == fault::denied));
  BOOST_TEST(contains(why.message, "the server's certificate has expired"), why.message);
}

BOOST_AUTO_TEST_CASE(names_a_file_that_cannot_be_used) {
  auto settings = shared().settings();
  const auto good = settings.address.tls;
  settings.address.tls.authorities = "/no/such/file";
  auto why = refusal(settings);
  BOOST_TEST((why.cause == fault::invalid_argument));
  BOOST_TEST(contains(why.message, "/no/such/file: expected certificates of authorities"), why.message);
  settings.address.tls = good;
  settings.address.tls.certificate = good.authorities; // without a key
  why = refusal(settings);
  BOOST_TEST(contains(why.message, "expected the key of " + good.authorities), why.message);
}

BOOST_AUTO_TEST_CASE(names_a_fifo_and_never_waits) {
  const temp_dir dir;
  const auto fifo = dir.path() + "/fifo";
  BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
  const auto own = shared().authority().issue("winnow", "DNS:winnow");
  auto settings = shared().settings();
  const auto good = settings.address.tls;
  const auto names_it = [&] {
    const auto why = refusal(settings);
    BOOST_TEST((why.cause == fault::invalid_argument));
    BOOST_TEST(contains(why.message, fifo + ": expected "), why.message);
    BOOST_TEST(contains(why.message, "got a FIFO"), why.message);
    BOOST_TEST(!check_store(settings).has_value());
    settings.address.tls = good;
  };
  settings.address.tls.authorities = fifo;
  names_it();
  settings.address.tls.certificate = fifo;
  names_it();
  settings.address.tls.certificate = own.certificate;
  settings.address.tls.key = fifo;
  names_it();
}

BOOST_AUTO_TEST_CASE(reads_authorities_from_a_directory) {
  const temp_dir dir;
  auto settings = shared().settings();
  const auto file = settings.address.tls.authorities;
  settings.address.tls.authorities = dir.path();
  auto why = refusal(settings);
  BOOST_TEST(contains(why.message, "the authority of the server's certificate is unknown"), why.message);
  const std::string command = "openssl x509 -noout -subject_hash -in '" + file + "'";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> output(::popen(command.c_str(), "r"), ::pclose);
  std::array<char, 9> hash{};
  BOOST_REQUIRE(std::fgets(hash.data(), hash.size(), output.get()) != nullptr);
  const auto hashed = dir.path() + "/" + hash.data();
  std::filesystem::copy(file, hashed + ".0");
  BOOST_TEST(redis_store(settings).probe().has_value());
  BOOST_REQUIRE_EQUAL(::mkfifo((hashed + ".1").c_str(), 0600), 0);
  why = refusal(settings);
  BOOST_TEST(contains(why.message, hashed + ".1: expected a regular file, got a FIFO"), why.message);
}

BOOST_AUTO_TEST_CASE(sends_the_issuers_in_the_certificate_file_along) {
  const tls_server strict(true);
  const auto own = strict.authority().issue("winnow", "DNS:winnow");
  const temp_dir dir;
  const auto chain = dir.path() + "/chain.pem"; // with the key in it, too
  std::ofstream(chain) << bytes_of(own.certificate) << bytes_of(strict.authority().file())
                       << bytes_of(own.key);
  auto settings = strict.settings();
  settings.address.tls.certificate = chain;
  BOOST_TEST(redis_store(settings).probe().has_value());
}

BOOST_AUTO_TEST_CASE(shows_the_certificate_that_the_server_requires) {
  const tls_server strict(true);
  auto settings = strict.settings();
  auto why = refusal(settings);
  BOOST_TEST((why.cause == fault::denied));
  BOOST_TEST(contains(why.message, "Redis requires a certificate of the client"), why.message);

  const auto own = strict.authority().issue("winnow", "DNS:winnow");
  settings.address.tls.certificate = own.certificate;
  settings.address.tls.key = own.key;
  BOOST_TEST(redis_store(settings).probe().has_value());

  const authority other;
  const auto foreign = other.issue("winnow", "DNS:winnow");
  settings.address.tls.certificate = foreign.certificate;
  settings.address.tls.key = foreign.key;
  why = refusal(settings);
  BOOST_TEST(contains(why.message, "Redis does not know the authority of the client's certificate"),
             why.message);
}

BOOST_AUTO_TEST_CASE(reads_certificates_again_at_each_connect) {
  tls_server strict(true);
  const authority other;
  const auto foreign = other.issue("winnow", "DNS:winnow");
  auto settings = strict.settings();
  settings.address.tls.certificate = foreign.certificate;
  settings.address.tls.key = foreign.key;
  redis_store store(settings);
  BOOST_TEST(!store.probe().has_value());
  const auto own = strict.authority().issue("winnow", "DNS:winnow");
  std::filesystem::copy(own.certificate, foreign.certificate, overwrite);
  std::filesystem::copy(own.key, foreign.key, overwrite);
  wait_until([&] { return store.probe().has_value(); });
  BOOST_TEST(store.probe().has_value());
}

BOOST_AUTO_TEST_CASE(says_which_side_does_not_speak_tls) {
  auto settings = shared().settings();
  settings.address.tls.on = false;
  auto why = refusal(settings);
  // Redis hangs up; what it says before may be lost.
  const bool told = contains(why.message, "speaks TLS") || contains(why.message, "closed the connection") ||
                    contains(why.message, "reset");
  BOOST_TEST(told, why.message);
  settings = shared().settings();
  settings.address.port = shared().server().port();
  settings.connect_timeout = 100ms; // such a server waits for the end of a line
  why = refusal(settings);
  BOOST_TEST(contains(why.message, "TLS"), why.message);
}

BOOST_AUTO_TEST_CASE(moves_values_of_many_records) {
  redis_store store(shared().settings());
  const std::string json = '"' + std::string(3'000'000, 'x') + '"';
  only(store, write_profile{{"big", ""}, json});
  std::vector<store_command> commands(5, read_profile{{"big", ""}});
  for (const auto& reply : store.execute(commands)) {
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST((reply->value == json));
  }
  only(store, erase_profile{{"big", ""}});
  BOOST_TEST(store.state().connects == 1U);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_kept) {
  redis_store store(shared().settings());
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(store.probe().has_value());
  BOOST_TEST(store.state().connects == 1U);
  BOOST_TEST(store.state().failures == 0U);
}

BOOST_AUTO_TEST_CASE(returns_after_a_restart) {
  tls_server own;
  redis_store store(own.settings());
  redis_change_tracker tracker(own.settings());
  BOOST_TEST(store.probe().has_value());
  BOOST_TEST(tracker.wait(20s).value().lost);
  own.server().restart();
  wait_until([&] { return store.probe().has_value(); });
  bool again = false;
  wait_until([&] {
    const auto batch = tracker.wait(100ms);
    again = batch && batch->lost;
    return again;
  });
  BOOST_TEST(again);
}

BOOST_AUTO_TEST_CASE(users_of_the_acl_are_served) {
  tls_server own;
  own.server().call({"ACL", "SETUSER", "me", "on", ">pw", "~*", "&*", "+@all"});
  auto settings = own.settings();
  settings.address.user = "me";
  settings.address.password = "pw";
  BOOST_TEST(redis_store(settings).probe().has_value());
  settings.address.password = "wrong";
  const auto why = refusal(settings);
  BOOST_TEST((why.cause == fault::denied));
  BOOST_TEST(contains(why.message, "WRONGPASS"), why.message);
}

BOOST_AUTO_TEST_CASE(the_check_of_rights_works) {
  const auto checks = check_store(shared().settings());
  BOOST_REQUIRE(checks.has_value());
  BOOST_TEST(is_sufficient(*checks));
}

BOOST_AUTO_TEST_SUITE_END()
