#include "daemon_process.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>

// The embedded store: its limit, and the files that keep it.

using namespace winnow::test;

namespace {

strings flags(const std::string& store, const strings& further = {}) {
  strings all{"--host", "127.0.0.1",       "--port", "0",          "--model-dir", bookshop_dir(), "--store",
              store,    "--stage-workers", "1",      "--deadline", "20s",         "--admin",      "off"};
  all.insert(all.end(), further.begin(), further.end());
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kept_store)

BOOST_AUTO_TEST_CASE(profiles_and_lists_survive_kills) {
  const temp_dir directory;
  const auto store = "file:" + directory.path() + "/store";
  std::size_t written = 0;
  for (int round = 0; round < 3; ++round) {
    daemon_process shop(flags(store));
    shop.wait_until_ready();
    for (std::size_t user = 0; user < written; ++user)
      BOOST_TEST(shop.http().get("/profiles/u" + std::to_string(user)).body == books(4, user));
    if (written > 0)
      BOOST_TEST(shop.http().get("/recommendations/u0").status == 200u);
    for (int i = 0; i < 20; ++i, ++written)
      BOOST_TEST(shop.http().put("/profiles/u" + std::to_string(written), books(4, written)).status == 200u);
    BOOST_TEST(wait_until([&] { return shop.http().get("/recommendations/u0").status == 200; }));
    shop.signal(SIGKILL);
    BOOST_TEST(shop.wait().value_or(-1) == 128 + SIGKILL);
  }
}

BOOST_AUTO_TEST_CASE(two_daemons_cannot_share_a_directory) {
  const temp_dir directory;
  const auto store = "file:" + directory.path() + "/store";
  daemon_process first(flags(store));
  first.wait_until_ready();
  daemon_process second(flags(store));
  BOOST_TEST(second.wait().value_or(-1) == 69);
  BOOST_TEST(second.errors().find("another process uses the store") != std::string::npos, second.errors());
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_used_is_named) {
  daemon_process shop(flags("file:/dev/null"));
  BOOST_TEST(shop.wait().value_or(-1) == 74);
  BOOST_TEST(shop.errors().find("/dev/null") != std::string::npos, shop.errors());
}

BOOST_AUTO_TEST_CASE(a_full_store_answers_507) {
  daemon_process shop(flags("memory:", {"--memory-limit", "20k"}));
  shop.wait_until_ready();
  BOOST_TEST(shop.wait_for_error_line("profiles and lists are lost when winnowd ends"));
  unsigned status = 200;
  for (int i = 0; i < 100 && status == 200; ++i)
    status = shop.http().put("/profiles/u" + std::to_string(i), books(40)).status;
  BOOST_TEST(status == 507u);
  const auto refused = shop.http().put("/profiles/another", books(120));
  BOOST_TEST(refused.status == 507u);
  BOOST_TEST(refused.body.find("the embedded store is full") != std::string::npos, refused.body);
  BOOST_TEST(shop.http().get("/profiles/u0").status == 200u);
  // Reading and removing go on, so the daemon stays ready, and says what is missing.
  http_answer ready;
  BOOST_TEST(wait_until([&] {
    ready = shop.http().get("/readyz");
    return ready.body.find(R"("status":"degraded")") != std::string::npos;
  }));
  BOOST_TEST(ready.status == 200u);
  BOOST_TEST(ready.body.find("the profile store is full: it may take no more memory") != std::string::npos,
             ready.body);
  BOOST_TEST(shop.wait_for_error_line("the store is full"));
  for (int i = 0; i < 100; ++i)
    shop.http().erase("/profiles/u" + std::to_string(i));
  BOOST_TEST(wait_until(
      [&] { return shop.http().get("/readyz").body.find(R"("status":"ready")") != std::string::npos; }));
  BOOST_TEST(shop.http().put("/profiles/another", books(20)).status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
