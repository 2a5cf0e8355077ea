#include "config/log/log.hpp"
#include "redis/records/profile.hpp"
#include "redis/store_factory.hpp"
#include "support/redis_server.hpp"
#include "tests/models/training/files.hpp"
#include "tests/models/training/train_program.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

/// winnow-train --from-store.
namespace winnow {

namespace {

/// The histories of the small shop, in the order of time.
std::map<std::string, std::vector<std::string>> shop_histories() {
  std::map<std::string, std::vector<std::string>> histories;
  std::ifstream file(test::small_shop() / "interactions.csv");
  std::string line;
  std::getline(file, line);
  BOOST_REQUIRE_MESSAGE(line.rfind("user_id,item_id", 0) == 0, line);
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string user, item;
    std::getline(fields, user, ',');
    std::getline(fields, item, ',');
    histories[user].push_back(item);
  }
  return histories;
}

std::string json_of(const std::vector<std::string>& items) {
  return to_json(std::vector<std::string_view>(items.begin(), items.end()));
}

std::string quick(const std::string& out) {
  return " --out " + out +
         " --dim 16 --epochs 2 --look-every 1 --lr 0.01 --din-epochs 1 --ranknet-epochs 1 --threads 2 ";
}

std::string address_of(const redis_server& server) {
  return "redis://127.0.0.1:" + std::to_string(server.port());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(training_from_a_store, test::train_program)

BOOST_AUTO_TEST_CASE(takes_the_newest_profiles_of_redis_and_says_what_it_leaves_out) {
  const redis_server server;
  const auto histories = shop_histories();
  for (const auto& [user, items] : histories)
    server.call({"SET", "user_profile:" + user + ":1700000000", json_of(items)});
  server.call({"SET", "user_profile:" + histories.begin()->first, "[\"older\"]"});
  server.call({"SET", "user_profile:damaged", "{}"});
  server.call({"SET", "user_profile:new", "[]"});
  server.call({"RPUSH", "user_profile:list", "a"});
  const auto items = (test::small_shop() / "items.csv").string();
  const auto end = run("winnow-train", "--from-store " + address_of(server) + " --items '" + items + "'" +
                                           quick(in("models").string()));
  BOOST_REQUIRE_MESSAGE(end.code == 0, end.errors);
  const auto used = std::to_string(histories.size());
  BOOST_TEST(end.errors.find(std::to_string(histories.size() + 4) + " profiles, " + used +
                             " used; left out: 1 of another type, 1 that are no JSON array of item ids, 1 "
                             "empty, 1 older than their user's newest") != std::string::npos,
             end.errors);
  BOOST_TEST(end.errors.find("user_profile:damaged: ") != std::string::npos, end.errors);
  BOOST_TEST(end.errors.find(used + " users, ") != std::string::npos, end.errors);
  const auto description = test::bytes_of(in("models") / "model.json");
  BOOST_TEST(description.find("\"source\": \"" + address_of(server)) != std::string::npos, description);
  BOOST_TEST(description.find("\"metrics\"") != std::string::npos); // on each user's newest item

  const auto strict =
      run("winnow-train", "--strict --from-store " + address_of(server) + quick(in("other").string()));
  BOOST_TEST(strict.code == 66);
  BOOST_TEST(strict.errors.find("user_profile:") != std::string::npos, strict.errors);
}

BOOST_AUTO_TEST_CASE(takes_a_directory_and_the_address_of_the_environment) {
  {
    log_threshold(log_level::error);
    store_settings settings;
    settings.address.transport = store_address::kind::file;
    settings.address.path = in("store").string();
    const auto opened = open_store(settings);
    BOOST_REQUIRE(opened.has_value());
    for (const auto& [user, items] : shop_histories()) {
      const store_command write = write_profile{{user, ""}, json_of(items)};
      BOOST_REQUIRE(opened->store->execute({&write, 1}).front().has_value());
    }
  }
  ::setenv("WINNOW_STORE", ("file:" + in("store").string()).c_str(), 1);
  ::setenv("ENV_FILE", "/no/such.env", 1);
  const auto named = run("winnow-train", "--stage lightgcn --from-store env:" + quick(in("a").string()));
  ::unsetenv("ENV_FILE");
  ::unsetenv("WINNOW_STORE");
  BOOST_REQUIRE_MESSAGE(named.code == 0, named.errors);
  BOOST_TEST(named.errors.find("environment ENV_FILE: /no/such.env: cannot open: ") != std::string::npos,
             named.errors);
  const auto given = run("winnow-train", "--stage lightgcn --from-store file:" + in("store").string() +
                                             quick(in("b").string()));
  BOOST_REQUIRE_MESSAGE(given.code == 0, given.errors);
  BOOST_CHECK(test::files_below(in("a")) == test::files_below(in("b"))); // whatever the order in the store
}

BOOST_AUTO_TEST_CASE(refuses_a_store_that_it_cannot_read) {
  const auto refused = [&](const std::string& address, int code, const std::string& reason) {
    const auto end = run("winnow-train", "--from-store " + address + quick(in("models").string()));
    BOOST_TEST(end.code == code, end.errors);
    BOOST_TEST(end.errors.find(reason) != std::string::npos, end.errors);
  };
  refused("redis://127.0.0.1:1", 69, "winnow-train: redis://127.0.0.1:1/0: cannot connect: ");
  refused("file:" + in("none").string(), 66, "expected the directory of a store, got none");
  refused("memory:", 78, "begins empty");
  refused("nowhere", 78, "expected memory:, file:DIRECTORY");
  const redis_server empty;
  refused(address_of(empty), 66, "0 profiles, 0 used: expected at least one history");
  refused(address_of(empty) + " --split x", 78, "");
  refused(address_of(empty) + " --until 0.5", 78, " excludes --");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
