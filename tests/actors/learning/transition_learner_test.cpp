#include "actors/learning/transition_learner.hpp"

#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"
#include "tests/actors/bookshop.hpp"
#include "tests/actors/running_daemon.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

using nlohmann::json;

/// The bookshop's models with transitions, of which none is known yet.
model_set_ptr shop_with_transitions(const std::filesystem::path& dir, const std::string& version = "first") {
  auto models = std::make_shared<model_set>(*bookshop());
  transition_counts none;
  none.ends.assign(models->items.size() + 1, 0);
  models->transitions =
      std::make_shared<const transition_table>(std::move(none), *models->item_counts, transition_scoring());
  models->transition_candidates = 20;
  models->transition_weight = 64;
  models->directory = models->home = dir;
  models->version = version;
  return models;
}

settings learning_settings_of(std::chrono::milliseconds interval = 10ms) {
  auto options = running_daemon::usual_settings();
  options.learning.interval = interval;
  // No ranker drops a candidate, so that a list shows what candidate generation found.
  options.cascade = {50, 50, 50};
  return options;
}

std::string profile_of(std::initializer_list<std::string_view> items) {
  return to_json(std::vector<std::string_view>(items));
}

/// A daemon in whose shop readers buy a book that the models do not know.
struct learning_shop {
  explicit learning_shop(settings options = learning_settings_of())
      : daemon(std::move(options), {}, models()) {}

  model_set_ptr models(const std::string& version = "first") const {
    return shop_with_transitions(dir.path(), version);
  }

  void buy(const std::string& reader, std::initializer_list<std::string_view> items) {
    daemon.write(reader, profile_of(items));
  }

  /// The scores of the new book on the list of someone; null if it is not on it.
  json new_book() {
    const auto answer = daemon.http().post("/recommend/someone?scores=true");
    const auto body = json::parse(answer.body);
    for (const auto& entry : body.value("scores", json::array()))
      if (entry.at("item_id") == "new-book")
        return entry;
    return nullptr;
  }

  bool learns_of_new_book() {
    return wait_until([&] { return !new_book().is_null(); }, 10s);
  }

  temp_dir dir;
  running_daemon daemon;
  const std::string known = std::string(bookshop()->items[3]);
};

} // namespace

BOOST_AUTO_TEST_SUITE(transition_learner_suite)

BOOST_AUTO_TEST_CASE(recommends_a_new_item_once_enough_users_took_it) {
  learning_shop shop;
  shop.buy("someone", {shop.known});
  shop.buy("first", {shop.known, "new-book"});
  shop.buy("second", {shop.known, "new-book"});
  BOOST_CHECK(wait_until([&] { return shop.daemon.metric("winnow_learner_candidate_items") == 1; }, 10s));
  BOOST_CHECK(shop.new_book().is_null());
  shop.buy("third", {shop.known, "new-book"});
  BOOST_REQUIRE(shop.learns_of_new_book());
  const auto scores = shop.new_book();
  BOOST_CHECK_EQUAL(scores.at("adopted"), true);
  BOOST_CHECK(scores.contains("transitions"));
  BOOST_CHECK_EQUAL(shop.daemon.metric("winnow_learner_adopted_items"), 1);
  BOOST_CHECK_EQUAL(shop.daemon.metric("winnow_model_items"), bookshop()->items.size() + 1);
}

BOOST_AUTO_TEST_CASE(learns_again_from_the_store_after_a_crash) {
  learning_shop shop;
  for (const auto* reader : {"first", "second", "third"})
    shop.buy(reader, {shop.known, "new-book"});
  shop.buy("someone", {shop.known});
  BOOST_REQUIRE(shop.learns_of_new_book());
  const auto learned = shop.daemon.metric("winnow_learner_items_total");
  shop.daemon.kill("transition_learner");
  // The new learner knows nothing until it was told of all profiles.
  BOOST_CHECK(
      wait_until([&] { return shop.daemon.metric("winnow_learner_items_total") >= 2 * learned; }, 10s));
  BOOST_CHECK(wait_until([&] { return shop.daemon.metric("winnow_learner_adopted_items") == 1; }, 10s));
  BOOST_CHECK(shop.learns_of_new_book());
}

BOOST_AUTO_TEST_CASE(continues_after_a_restart_and_counts_nothing_twice) {
  const temp_dir kept;
  auto options = learning_settings_of();
  options.learning.state = (std::filesystem::path(kept.path()) / "learned").string();
  double users = 0;
  {
    learning_shop shop(options);
    for (const auto* reader : {"first", "second", "third"})
      shop.buy(reader, {shop.known, "new-book"});
    shop.buy("someone", {shop.known});
    BOOST_REQUIRE(shop.learns_of_new_book());
    BOOST_REQUIRE(wait_until([&] { return shop.daemon.metric("winnow_learner_users") == 4; }, 10s));
    users = shop.daemon.metric("winnow_learner_users");
  }
  BOOST_REQUIRE(std::filesystem::exists(options.learning.state));
  learning_shop again(options);
  again.buy("someone", {again.known});
  BOOST_CHECK(again.learns_of_new_book());
  BOOST_CHECK_EQUAL(again.daemon.metric("winnow_learner_users"), users);
  BOOST_CHECK_EQUAL(again.daemon.metric("winnow_learner_items_total"), 0);
}

BOOST_AUTO_TEST_CASE(takes_what_was_learned_along_to_new_models) {
  learning_shop shop;
  for (const auto* reader : {"first", "second", "third"})
    shop.buy(reader, {shop.known, "new-book"});
  shop.buy("someone", {shop.known});
  BOOST_REQUIRE(shop.learns_of_new_book());
  caf::anon_send(shop.daemon.handle(), reload_atom_v, shop.models("second"));
  BOOST_CHECK(wait_until(
      [&] {
        const auto body = json::parse(shop.daemon.http().post("/recommend/someone").body);
        return body.at("model_version") == "second" && !shop.new_book().is_null();
      },
      10s));
}

BOOST_AUTO_TEST_CASE(stored_lists_keep_adopted_items_when_other_models_come) {
  learning_shop shop;
  shop.daemon.store().keep_records();
  for (const auto* reader : {"first", "second", "third"})
    shop.buy(reader, {shop.known, "new-book"});
  shop.buy("someone", {shop.known});
  BOOST_REQUIRE(shop.learns_of_new_book());
  const auto computed = [&] { return shop.daemon.metric("winnow_poller_profiles_changed_total"); };
  const auto before = computed();
  caf::anon_send(shop.daemon.handle(), reload_atom_v, shop.models("second"));
  BOOST_REQUIRE(wait_until([&] { return computed() >= before + 4; }, 20s)); // the lists of all users
  BOOST_CHECK_NE(shop.daemon.list_of("someone").value_or("").find("new-book"), std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_why_a_state_is_not_used) {
  auto options = learning_settings_of();
  const temp_dir kept;
  const auto file = std::filesystem::path(kept.path()) / "learned";
  options.learning.state = file.string();
  std::ofstream(file) << "not a state";
  learning_shop shop(options);
  for (const auto* reader : {"first", "second", "third"})
    shop.buy(reader, {shop.known, "new-book"});
  shop.buy("someone", {shop.known});
  BOOST_CHECK(shop.learns_of_new_book());
}

BOOST_AUTO_TEST_CASE(does_not_start_if_learning_is_off) {
  learning_shop shop(learning_settings_of(0ms));
  const auto children = shop.daemon.children();
  BOOST_CHECK(std::find(children.begin(), children.end(), "transition_learner") == children.end());
  shop.buy("someone", {shop.known});
  BOOST_CHECK(!shop.daemon.wait_for_list("someone").empty());
}

BOOST_AUTO_TEST_CASE(learns_nothing_for_models_without_transitions) {
  running_daemon daemon(learning_settings_of());
  daemon.write("someone", history_json(3));
  daemon.wait_for_list("someone");
  BOOST_CHECK_EQUAL(daemon.metric("winnow_learner_users"), 0);
  BOOST_CHECK_EQUAL(daemon.metric("winnow_learner_publication_seconds"), 0);
}

BOOST_AUTO_TEST_SUITE_END()
