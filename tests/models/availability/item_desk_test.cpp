#include "models/availability/item_desk.hpp"

#include "models/item_description.hpp"
#include "models/manifest.hpp"
#include "models/registry/version_name.hpp"
#include "support/wait_until.hpp"
#include "tests/models/stage_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// The bookshop with an items file of its first ten items, and a clock that the test sets.
struct desk_fixture {
  desk_fixture() {
    std::filesystem::copy(fixture("bookshop"), dir.path(), std::filesystem::copy_options::recursive);
    settings = stage_directory::settings_of(dir.path());
    settings.deny_items = (dir.path() / "deny.txt").string();
    write_deny({});
    const auto bare = need(load_model_set(settings));
    for (std::uint32_t item = 0; item < 10; ++item)
      ids.emplace_back(bare->items[item]);
    write_items("price,title\n", ",1,a book\n");
    open();
  }

  void write_deny(const std::vector<std::string>& denied) const {
    std::ofstream file(settings.deny_items);
    for (const auto& id : denied)
      file << id << "\r\n\n";
  }

  void write_items(const char* columns, const char* values) const {
    write_items(dir.path() / "items.csv", columns, values);
  }

  /// Adds a version of the models with an items file of its own, and returns its name.
  std::string add_version(const char* columns, const char* values) const {
    const auto directory = dir.path() / versions_directory / "one";
    std::filesystem::create_directories(directory.parent_path());
    std::filesystem::copy(fixture("bookshop"), directory, std::filesystem::copy_options::recursive);
    std::ofstream(directory / manifest_file) << R"({"files": {}})";
    write_items(directory / "items.csv", columns, values);
    return "one";
  }

  void write_items(const std::filesystem::path& path, const char* columns, const char* values) const {
    std::ofstream file(path);
    file << "item_id," << columns;
    for (const auto& id : ids)
      file << id << values;
  }

  void open() {
    desk = need(item_desk::open(settings, [this] { return now; }));
    models = desk->adopt(need(load_model_set(settings)));
  }

  item_state change(const std::string& id, const char* attributes) {
    const auto state = try_change(id, attributes);
    BOOST_REQUIRE_MESSAGE(state, (state ? std::string() : state.error().message));
    return *state;
  }

  result<item_state> try_change(const std::string& id, const char* attributes) {
    item_change wanted{id, std::nullopt};
    if (attributes != nullptr)
      wanted.attributes = json::parse(attributes);
    const auto shared = std::make_shared<const item_change>(std::move(wanted));
    auto states = desk->apply({&shared, 1});
    models = desk->dress(models);
    return states.front();
  }

  void await_change() {
    BOOST_REQUIRE(wait_until([this] { return desk->look_after(); }));
    models = desk->dress(models);
  }

  json attributes_of(const std::string& id) const {
    return json::parse(attributes_json(*models, *models->items.find(id), {}).dump());
  }

  bool is_withheld(const std::string& id) const {
    return models->is_withheld(*models->items.find(id)) && models->withheld->find(id);
  }

  static std::int64_t real_now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  temporary_directory dir;
  model_settings settings;
  std::vector<std::string> ids;
  std::int64_t now = real_now();
  std::shared_ptr<item_desk> desk;
  model_set_ptr models;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(item_desk_suite, desk_fixture)

BOOST_AUTO_TEST_CASE(without_anything_to_withhold_models_stay_as_they_are) {
  const auto loaded = need(load_model_set(settings));
  BOOST_CHECK(desk->adopt(loaded) == loaded);
  BOOST_CHECK(!models->withheld);
}

BOOST_AUTO_TEST_CASE(a_change_counts_at_once_and_others_stay) {
  const auto state = change(ids[0], R"({"price": 5, "sale": true, "tags": ["x", "y"]})");
  BOOST_CHECK(state.known && state.kept && !state.withheld);
  const json wanted{{"price", 5}, {"title", "a book"}, {"sale", true}, {"tags", {"x", "y"}}};
  BOOST_CHECK_EQUAL(json::parse(state.attributes), wanted);
  BOOST_CHECK_EQUAL(attributes_of(ids[0]), wanted);
  BOOST_CHECK_EQUAL(attributes_of(ids[1]), (json{{"price", 1}, {"title", "a book"}}));
  change(ids[0], R"({"price": null, "tags": ["z"]})");
  BOOST_CHECK_EQUAL(attributes_of(ids[0]), (json{{"title", "a book"}, {"sale", true}, {"tags", {"z"}}}));
  change(ids[0], nullptr);
  BOOST_CHECK_EQUAL(attributes_of(ids[0]), (json{{"price", 1}, {"title", "a book"}}));
}

BOOST_AUTO_TEST_CASE(says_while_changes_are_not_kept_and_tries_again) {
  const auto kept_in = dir.path() / ".winnow-live" / "items";
  std::filesystem::create_directories(kept_in); // a directory in the place of the file
  BOOST_TEST(!change(ids[0], R"({"price": 5})").kept);
  BOOST_TEST(desk->counts().unkept_because.find(kept_in.string()) != std::string::npos);
  std::filesystem::remove(kept_in);
  desk->look_after();
  BOOST_TEST(!desk->counts().unkept_because.empty()); // it is too early to try again
  now += 10'000;
  desk->look_after();
  BOOST_TEST(desk->counts().unkept_because == "");
  open();
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 5);
}

BOOST_AUTO_TEST_CASE(says_that_nothing_is_kept_beside_a_file_that_cannot_be_read_or_set_aside) {
  const auto kept_in = dir.path() / ".winnow-live" / "items";
  for (const auto& directory : {kept_in, std::filesystem::path(kept_in.string() + ".broken")}) {
    std::filesystem::create_directories(directory);
    std::ofstream(directory / "other") << "what somebody put there";
  }
  open();
  BOOST_TEST(!change(ids[0], R"({"price": 5})").kept);
  BOOST_TEST(desk->counts().unkept_because.find(kept_in.string()) != std::string::npos);
  BOOST_TEST(std::filesystem::exists(kept_in / "other"));
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 5); // until the next start
}

BOOST_AUTO_TEST_CASE(items_that_the_file_lacks_can_be_changed) {
  const std::string other(models->items[20]);
  BOOST_CHECK(change(other, R"({"price": 7})").known);
  BOOST_CHECK_EQUAL(attributes_of(other), (json{{"price", 7}}));
  BOOST_CHECK_EQUAL(attributes_of(ids[9]), (json{{"price", 1}, {"title", "a book"}}));
  BOOST_CHECK(attributes_of(std::string(models->items[21])).empty());
  BOOST_CHECK(!change("unknown to all", R"({"hidden": true})").known);
  BOOST_CHECK(models->withheld->find("unknown to all") == withheld_reason::hidden);
  BOOST_CHECK_EQUAL(models->withheld->count(), 0u);
}

BOOST_AUTO_TEST_CASE(items_that_were_adopted_while_serving_are_known) {
  BOOST_CHECK(!change("new", R"({"price": 7})").known);
  id_table adopted;
  adopted.insert("new");
  auto learned = std::make_shared<model_set>(*models);
  learned->items = models->items.with(std::make_shared<const id_table>(adopted));
  desk->dress(learned);
  BOOST_CHECK(change("new", R"({"price": 8})").known);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_and_changes_nothing) {
  BOOST_CHECK_EQUAL(try_change(ids[0], R"({"title": "new", "price": "low"})").error().message,
                    "price: expected a number, got \"low\"");
  BOOST_CHECK_EQUAL(try_change(ids[0], "[1]").error().message,
                    "body: expected an object of attributes, got [1]");
  BOOST_CHECK_NE(try_change(ids[0], R"({"item_id": "x"})").error().message, "");
  BOOST_CHECK_NE(try_change("\xff", R"({"price": 1})").error().message, "");
  BOOST_CHECK_EQUAL(attributes_of(ids[0]), (json{{"price", 1}, {"title", "a book"}}));
}

BOOST_AUTO_TEST_CASE(changes_of_a_batch_see_each_other) {
  std::vector<std::shared_ptr<const item_change>> changes;
  for (const auto* attributes : {R"({"new": 1})", R"({"new": "text"})", R"({"new": 2})"})
    changes.push_back(std::make_shared<const item_change>(item_change{ids[0], json::parse(attributes)}));
  const auto states = desk->apply(changes);
  BOOST_CHECK(states[0] && !states[1] && states[2]);
  models = desk->dress(models);
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["new"], 2);
}

BOOST_AUTO_TEST_CASE(an_attribute_that_no_item_has_any_more_gets_the_type_of_its_next_value) {
  change(ids[0], R"({"sale": true, "label": "a"})");
  change(ids[1], R"({"sale": false})");
  change(ids[0], R"({"sale": null, "label": null})");
  BOOST_CHECK(!try_change(ids[0], R"({"sale": "text"})")); // another item has it
  change(ids[1], R"({"sale": null})");
  BOOST_CHECK(models->attributes->table().find("sale") == nullptr);
  change(ids[0], R"({"sale": "text", "label": 5})");
  BOOST_CHECK_EQUAL(attributes_of(ids[0]),
                    (json{{"price", 1}, {"title", "a book"}, {"sale", "text"}, {"label", 5}}));
  open();
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["sale"], "text");
}

BOOST_AUTO_TEST_CASE(a_column_of_the_file_keeps_its_type_without_a_value) {
  for (const auto& id : ids)
    change(id, R"({"price": null})");
  BOOST_CHECK(!try_change(ids[0], R"({"price": "text"})"));
  change(ids[0], R"({"price": 5})");
  open();
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 5);
}

BOOST_AUTO_TEST_CASE(hidden_and_expired_items_are_withheld_as_time_passes) {
  BOOST_CHECK(change(ids[0], R"({"hidden": true})").withheld == withheld_reason::hidden);
  BOOST_CHECK(is_withheld(ids[0]));
  const auto end = json{{"available_until", now / 1000 + 60}}.dump();
  change(ids[1], end.c_str());
  BOOST_CHECK(!is_withheld(ids[1]));
  BOOST_CHECK_EQUAL(*desk->next_expiry(), (now / 1000 + 60) * 1000);
  BOOST_CHECK(!desk->look_after());
  now += 61'000;
  await_change();
  BOOST_CHECK(is_withheld(ids[1]));
  now -= 61'000; // the clock is set back
  await_change();
  BOOST_CHECK(!is_withheld(ids[1]));
  BOOST_CHECK(is_withheld(ids[0]));
  change(ids[0], R"({"hidden": false})");
  BOOST_CHECK(!models->withheld);
}

BOOST_AUTO_TEST_CASE(changes_outlive_a_restart_and_yield_to_a_newer_file) {
  now = real_now() + 1000; // later than the file was written
  change(ids[0], R"({"price": 5})");
  change(ids[1], R"({"hidden": true})");
  open();
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 5);
  BOOST_CHECK(is_withheld(ids[1]));
  write_items("price,title\n", ",2,a newer book\n");
  std::filesystem::last_write_time(dir.path() / "items.csv",
                                   std::filesystem::file_time_type::clock::now() + 10s);
  open();
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 2);
  BOOST_CHECK(is_withheld(ids[1])); // the file says nothing about it
}

BOOST_AUTO_TEST_CASE(changes_do_not_yield_to_a_later_copy_of_the_same_file) {
  now = real_now() + 1000;
  change(ids[0], R"({"price": 5, "hidden": true})");
  write_items("price,title\n", ",1,a book\n"); // as cp, rsync or git checkout do
  std::filesystem::last_write_time(dir.path() / "items.csv",
                                   std::filesystem::file_time_type::clock::now() + 10s);
  open();
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 5);
  BOOST_CHECK(is_withheld(ids[0]));
}

BOOST_AUTO_TEST_CASE(what_another_replica_was_told_does_not_yield_to_a_later_copy_either) {
  const std::vector<item_fact> told{{ids[0], "price", real_now() + 1000, 5}};
  BOOST_REQUIRE(desk->take(told));
  write_items("price,title\n", ",1,a book\n");
  std::filesystem::last_write_time(dir.path() / "items.csv",
                                   std::filesystem::file_time_type::clock::now() + 10s);
  open();
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 5);
}

BOOST_AUTO_TEST_CASE(models_that_were_loaded_long_ago_get_what_the_file_says_now) {
  const auto loaded = need(load_model_set(settings));
  write_items("price,hidden\n", ",2,true\n");
  await_change();
  const auto other = desk->as_adopted(loaded);
  BOOST_CHECK_EQUAL(json::parse(attributes_json(*other, *other->items.find(ids[0]), {}).dump())["price"], 2);
  models = desk->adopt(loaded); // as after a rollback
  BOOST_CHECK(is_withheld(ids[0]));
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 2);
  BOOST_CHECK(!desk->look_after()); // nothing is left to be read
}

BOOST_AUTO_TEST_CASE(the_items_file_of_the_model_directory_counts_whichever_version_is_in_force) {
  const auto version = add_version("price,title\n", ",9,a new book\n");
  write_items("price,hidden\n", ",2,true\n");
  open();
  BOOST_CHECK(is_withheld(ids[0]));
  settings.version = version;
  models = desk->adopt(need(load_model_set(settings)));
  BOOST_CHECK(is_withheld(ids[0]));
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 2);
  write_items("price,hidden\n", ",3,true\n");
  await_change(); // it is still the one that is watched
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 3);
}

BOOST_AUTO_TEST_CASE(without_an_items_file_of_the_model_directory_that_of_the_version_counts) {
  settings.version = add_version("price,title\n", ",9,a new book\n");
  std::filesystem::remove(dir.path() / "items.csv");
  open();
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 9);
  write_items("price,hidden\n", ",2,true\n");
  await_change(); // from now on
  BOOST_CHECK(is_withheld(ids[0]));
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 2);
}

BOOST_AUTO_TEST_CASE(the_items_file_is_read_again_when_it_changes) {
  change(ids[0], R"({"price": 5})");
  write_items("price,pages\n", ",3,100\n");
  std::filesystem::last_write_time(dir.path() / "items.csv",
                                   std::filesystem::file_time_type::clock::now() - 1h);
  await_change();
  BOOST_CHECK_EQUAL(attributes_of(ids[0]), (json{{"price", 5}, {"pages", 100}}));
  BOOST_CHECK_EQUAL(attributes_of(ids[1]), (json{{"price", 3}, {"pages", 100}}));
  write_items("price,hidden\n", ",3,perhaps\n");
  BOOST_REQUIRE(wait_until([this] { return desk->look_after(), desk->counts().items_refused == 1; }));
  BOOST_CHECK_EQUAL(attributes_of(ids[1]), (json{{"price", 3}, {"pages", 100}}));
  BOOST_CHECK(!desk->look_after());
  BOOST_CHECK_EQUAL(desk->counts().items_refused, 1u); // once
}

BOOST_AUTO_TEST_CASE(the_deny_list_is_read_again_when_it_changes) {
  BOOST_CHECK(!is_withheld(ids[3]));
  write_deny({ids[3], "unknown"});
  await_change();
  BOOST_CHECK(is_withheld(ids[3]));
  BOOST_CHECK_EQUAL(desk->counts().denied, 2u);
  std::filesystem::remove(settings.deny_items);
  BOOST_CHECK(!desk->look_after());
  BOOST_CHECK(is_withheld(ids[3]));
  write_deny({});
  await_change();
  BOOST_CHECK(!models->withheld);
}

BOOST_AUTO_TEST_CASE(a_deny_list_that_cannot_be_read_is_refused) {
  settings.deny_items = (dir.path() / "missing").string();
  const auto refused = item_desk::open(settings);
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().message.find("--deny-items: " + settings.deny_items) == 0);
}

BOOST_AUTO_TEST_CASE(models_with_the_items_in_another_order_get_the_same) {
  // Another version of the shop's models, without an items file of its own.
  const temporary_directory other;
  std::filesystem::copy(fixture("bookshop"), other.path(), std::filesystem::copy_options::recursive);
  const auto table = other.path() / "lightgcn" / "item_embeddings.csv";
  std::ifstream in(table);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  std::reverse(lines.begin() + 1, lines.end());
  std::ofstream out(table);
  for (const auto& line : lines)
    out << line << "\n";
  out.close();
  std::filesystem::remove(other.path() / "items.csv");
  const auto loaded = need(load_model_set(stage_directory::settings_of(other.path())));
  change(ids[3], R"({"price": 5, "hidden": true})");
  const auto beside = desk->dress_beside(loaded, nullptr);
  for (const auto& id : ids) {
    const auto item = *beside->items.find(id);
    BOOST_CHECK_NE(item, *models->items.find(id));
    BOOST_CHECK_EQUAL(json::parse(attributes_json(*beside, item, {}).dump()), attributes_of(id));
    BOOST_CHECK_EQUAL(beside->is_withheld(item), is_withheld(id));
  }
  change(ids[4], R"({"hidden": true})");
  const auto again = desk->dress_beside(loaded, beside);
  BOOST_CHECK(again->is_withheld(*again->items.find(ids[4])));
  BOOST_CHECK(again->is_withheld(*again->items.find(ids[3])));
  BOOST_CHECK(desk->dress_beside(loaded, again)->attributes == again->attributes); // nothing has changed
}

BOOST_AUTO_TEST_CASE(learned_models_keep_what_clients_said) {
  change(ids[0], R"({"price": 5, "hidden": true})");
  auto learned = std::make_shared<model_set>(*need(load_model_set(settings)));
  models = desk->dress(learned);
  BOOST_CHECK_EQUAL(attributes_of(ids[0])["price"], 5);
  BOOST_CHECK(is_withheld(ids[0]));
}

BOOST_AUTO_TEST_CASE(another_replica_takes_what_this_one_was_told) {
  desk->share();
  change(ids[0], R"({"hidden":true})");
  change(ids[1], R"({"price":7})");
  change(ids[1], nullptr);
  const auto said = desk->take_said();
  BOOST_REQUIRE(said.size() == 3u);
  BOOST_TEST(said[1].time > said[0].time); // though the clock stood still
  BOOST_TEST(desk->take_said().empty());
  BOOST_TEST(!desk->take(said)); // its own words are no news

  settings.item_updates = (dir.path() / "other").string();
  open();
  BOOST_TEST(desk->take(said));
  BOOST_TEST(!desk->take(said));
  models = desk->dress(models);
  BOOST_TEST(desk->counts().hidden == 1u);
  BOOST_TEST(desk->counts().updated == 1u); // the second one was reset after it was changed
  open();
  BOOST_TEST(desk->counts().hidden == 1u); // it is kept over a restart
}

BOOST_AUTO_TEST_CASE(a_replica_that_is_told_late_keeps_what_a_copy_of_the_file_does_not_contradict) {
  now = real_now() + 1000; // later than the file was written
  desk->share();
  change(ids[0], R"({"price":7})");
  auto said = desk->take_said();
  BOOST_REQUIRE(said.size() == 1u);
  BOOST_REQUIRE(said[0].base.has_value());
  BOOST_TEST(*said[0].base == 1);
  BOOST_REQUIRE(desk->ahead_of({}).size() == 1u);
  BOOST_TEST((desk->ahead_of({})[0].base == said[0].base));

  // The other replica's file is a later copy, which says nothing newer.
  settings.item_updates = (dir.path() / "other").string();
  write_items("price,title\n", ",1,a book\n");
  std::filesystem::last_write_time(dir.path() / "items.csv",
                                   std::filesystem::file_time_type::clock::now() + 10s);
  open();
  BOOST_TEST(desk->take(said));
  models = desk->dress(models);
  BOOST_TEST(attributes_of(ids[0])["price"] == 7);
  // A replica of an earlier version does not say what the file said: then the later file counts.
  settings.item_updates = (dir.path() / "third").string();
  open();
  said[0].base.reset();
  desk->take(said);
  models = desk->dress(models);
  BOOST_TEST(attributes_of(ids[0])["price"] == 1);
}

BOOST_AUTO_TEST_CASE(a_fleet_that_lost_its_data_is_told_of_a_reset_also_after_a_restart) {
  desk->share();
  change(ids[0], R"({"hidden":true})");
  const auto said = desk->take_said();
  now += 10;
  change(ids[0], nullptr);
  open();
  const auto all = desk->ahead_of(said);
  BOOST_REQUIRE(all.size() == 1u);
  BOOST_TEST(all[0].attribute.empty());
  BOOST_TEST(desk->ahead_of(all).empty());
  BOOST_TEST(!desk->take(said)); // another replica tells its old value again
  BOOST_TEST(desk->counts().hidden == 0u);
}

BOOST_AUTO_TEST_CASE(a_reset_that_a_replica_was_told_is_kept_over_its_restart) {
  const std::vector<item_fact> reset{{ids[0], {}, now, nullptr}};
  BOOST_TEST(!desk->take(reset)); // it changes nothing
  open();
  BOOST_TEST(!desk->take(std::vector<item_fact>{{ids[0], "hidden", now - 1, true}}));
  BOOST_TEST(desk->counts().hidden == 0u);
}

BOOST_AUTO_TEST_CASE(tells_what_the_fleet_does_not_know_yet) {
  change(ids[0], R"({"hidden":true})");
  now += 10;
  change(ids[1], R"({"price":7})");
  const auto all = desk->ahead_of({});
  BOOST_REQUIRE(all.size() == 2u);
  BOOST_TEST(desk->ahead_of(all).empty());
  const auto of_the_second = all[0].item_id == ids[1] ? all[0] : all[1];
  const std::vector<item_fact> reset{{ids[1], {}, of_the_second.time, nullptr}};
  BOOST_REQUIRE(desk->ahead_of(reset).size() == 1u);
  BOOST_TEST(desk->ahead_of(reset)[0].item_id == ids[0]);
}

BOOST_AUTO_TEST_SUITE_END()
