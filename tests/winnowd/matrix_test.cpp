// A whole daemon on each form of store: the walk-through, and no change is lost, also when the form's servers
// fail. The second half takes a minute and runs with WINNOW_WHOLE_MATRIX alone (tools/trials --matrix).

#include "daemon_process.hpp"
#include "support/wait_until.hpp"
#include "tools/support/store_setup.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

namespace winnow {
std::ostream& operator<<(std::ostream& out, store_form form) {
  return out << to_string(form);
}
} // namespace winnow

using namespace winnow::test;
using winnow::store_form;
using winnow::store_setup;
using namespace std::chrono_literals;
using nlohmann::json;
namespace data = boost::unit_test::data;

namespace {

constexpr store_form all_forms[] = {store_form::memory, store_form::file,     store_form::redis,
                                    store_form::tls,    store_form::sentinel, store_form::cluster};
constexpr std::size_t changes = 1000;
constexpr auto patience = 120s;

std::string user(std::size_t i) {
  return "reader-" + std::to_string(i);
}

/// A store of one form, and a daemon on it.
struct on_store {
  explicit on_store(store_form form) : setup(form) { start(); }

  std::unique_ptr<daemon_process> begin() const {
    strings flags{"--host",           "127.0.0.1",
                  "--port",           "0",
                  "--model-dir",      bookshop_dir(),
                  "--admin",          "off",
                  "--item-updates",   directory.path() + "/items",
                  "--learn-interval", "0"}; // what is learned would change lists while they are compared
    const auto store = setup.flags();
    flags.insert(flags.end(), store.begin(), store.end());
    auto made = std::make_unique<daemon_process>(flags);
    made->wait_until_ready();
    return made;
  }

  void start() { shop = begin(); }

  void kill() {
    shop->signal(SIGKILL);
    shop->wait();
    shop.reset();
  }

  /// Writes a profile as the form's clients do, until the store has it.
  void write(const std::string& whose, const std::string& profile) {
    BOOST_REQUIRE(wait_until(
        [&] {
          try {
            if (!setup.has_servers())
              return shop->http().put("/profiles/" + whose, profile).status < 300;
            return setup.call({"SET", "user_profile:" + whose, profile}) == "OK";
          } catch (const std::runtime_error&) {
            return false; // a server is away
          }
        },
        patience));
  }

  std::string list_of(const std::string& whose) const {
    const auto answer = shop->http().get("/recommendations/" + whose);
    return answer.status == 200 ? answer.body : std::string();
  }

  std::string await_list(const std::string& whose, const std::string& other = {}) const {
    std::string found;
    BOOST_CHECK_MESSAGE(wait_until(
                            [&] {
                              found = list_of(whose);
                              return !found.empty() && found != other;
                            },
                            patience),
                        whose);
    return found;
  }

  /// Changes all profiles, with something that happens in between.
  template<class Mishap>
  void change_all(std::size_t first_book, Mishap happens) {
    for (std::size_t i = 0; i < changes; ++i) {
      if (i == changes / 2)
        happens();
      write(user(i), books(3 + i % 20, first_book + i));
    }
  }

  /// Each list is that of the user's profile as it is now.
  void check_all() const {
    BOOST_REQUIRE(wait_until([&] { return shop->http().get("/readyz").status == 200; }, patience));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < changes; ++i)
      if (!wait_until([&] { return is_current(user(i)); }, wrong == 0 ? std::chrono::seconds(patience) : 1s))
        ++wrong;
    BOOST_TEST(wrong == 0u);
  }

  /// Whether the stored list is the one that is computed now, which is not stored, as it is not the plain
  /// one.
  bool is_current(const std::string& whose) const {
    const auto stored = list_of(whose);
    const auto computed = shop->http().post("/recommend/" + whose, R"({"exclude":["no such item"]})",
                                            {{"Content-Type", "application/json"}});
    return !stored.empty() && computed.status == 200 &&
           json::parse(computed.body)["recommendations"] == json::parse(stored)["recommendations"];
  }

  void hurt_the_store() {
    switch (setup.form()) {
    case store_form::memory:
      return; // it has nothing that could fail
    case store_form::file:
      kill();
      return start();
    case store_form::redis:
    case store_form::tls:
      setup.single().freeze();
      std::this_thread::sleep_for(500ms);
      return setup.single().thaw();
    case store_form::sentinel:
      return setup.sentinels().fail_over();
    case store_form::cluster:
      setup.cluster().node(0).crash();
      BOOST_REQUIRE(wait_until([&] { return setup.cluster().masters().size() == 3; }, patience));
      return setup.cluster().node(0).start();
    }
  }

  winnow::temp_dir directory;
  store_setup setup;
  std::unique_ptr<daemon_process> shop;
};

void walk_through(store_form form) {
  on_store world(form);
  world.write("ann", books(5));
  const auto list = world.await_list("ann");
  BOOST_TEST(json::parse(list)["recommendations"].size() == 20u);
  world.write("ann", books(30, 40));
  const auto changed = world.await_list("ann", list);

  const auto answer = world.shop->http().post("/recommend/ann");
  BOOST_TEST(answer.status == 200u);
  BOOST_TEST(json::parse(answer.body)["recommendations"] == json::parse(changed)["recommendations"]);
  BOOST_TEST(world.shop->http().post("/recommend/nobody").status == 404u);
  BOOST_TEST(world.shop->http().get("/recommendations/nobody").status == 404u);

  world.shop->signal(SIGHUP);
  BOOST_TEST(wait_until([&] {
    const auto text = world.shop->http().get("/metrics", {{"Accept", "text/plain"}}).body;
    return text.find("winnow_model_reloads_total{outcome=\"taken\"} 1\n") != std::string::npos;
  }));
  world.write("ben", books(7, 3));
  world.await_list("ben");

  const auto counts = json::parse(world.shop->http().get("/metrics").body);
  BOOST_TEST(counts["user_profiles"] == 2);
  BOOST_TEST(counts["recommendations"] == 2);
  BOOST_TEST(world.shop->http().get("/health").body == R"({"status":"healthy","model_loaded":true})");
  BOOST_TEST(world.shop->http().erase("/users/ben").status == 200u);
  BOOST_TEST(wait_until([&] { return world.list_of("ben").empty(); }));

  world.shop->signal(SIGTERM);
  BOOST_TEST(world.shop->wait().value_or(-1) == 0);
  world.start();
  BOOST_TEST(world.list_of("ann").empty() == (form == store_form::memory));
}

void lose_nothing(store_form form) {
  on_store world(form);
  world.change_all(0, [] {});
  world.check_all();
  world.change_all(7, [&] { world.hurt_the_store(); });
  world.check_all();
}

boost::test_tools::assertion_result whole_matrix(boost::unit_test::test_unit_id) {
  return std::getenv("WINNOW_WHOLE_MATRIX") != nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(matrix)

BOOST_DATA_TEST_CASE(walk_through_on, data::make(all_forms), form) {
  walk_through(form);
}

BOOST_TEST_DECORATOR(*boost::unit_test::precondition(whole_matrix))
BOOST_DATA_TEST_CASE(no_change_is_lost_on, data::make(all_forms), form) {
  lose_nothing(form);
}

BOOST_AUTO_TEST_SUITE_END()
