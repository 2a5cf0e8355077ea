#include "models/gate/recent_profiles.hpp"
#include "models/gate/version_comparison.hpp"
#include "tests/models/fixtures.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

/// New versions of the models beside the one in force.
namespace winnow {

namespace {

namespace fs = std::filesystem;

std::shared_ptr<const std::vector<std::string>> items(std::vector<std::string> all) {
  return std::make_shared<const std::vector<std::string>>(std::move(all));
}

result<model_set_ptr> load(const fs::path& directory) {
  model_settings settings;
  settings.dir = directory.string();
  return load_model_set(settings);
}

struct comparison_fixture {
  test::temporary_directory made;
  model_set_ptr shop = test::need(load(test::fixture("bookshop")));

  /// The bookshop, with the embeddings of its items in another order.
  model_set_ptr spoiled() const {
    const auto directory = made.path() / "spoiled";
    fs::copy(test::fixture("bookshop"), directory, fs::copy_options::recursive);
    const auto file = directory / "lightgcn/item_embeddings.csv";
    std::istringstream lines(test::bytes_of(file));
    std::string head;
    std::getline(lines, head);
    std::vector<std::string> ids, rows;
    for (std::string line; std::getline(lines, line);) {
      ids.push_back(line.substr(0, line.find(',')));
      rows.push_back(line.substr(line.find(',')));
    }
    std::reverse(rows.begin(), rows.end());
    std::ofstream out(file);
    out << head << "\n";
    for (std::size_t i = 0; i < ids.size(); ++i)
      out << ids[i] << rows[i] << "\n";
    out.close();
    return test::need(load(directory));
  }

  /// Profiles whose newest item is the first of what the bookshop recommends for the rest.
  std::vector<recent_profile> profiles() const {
    std::vector<recent_profile> all;
    for (std::uint32_t i = 0; i < 60; ++i) {
      std::vector<std::string> taken;
      for (std::uint32_t k = 0; k < 4; ++k)
        taken.emplace_back(shop->items[(i * 3 + k) % static_cast<std::uint32_t>(shop->items.size())]);
      all.push_back({"reader " + std::to_string(i), items(std::move(taken))});
    }
    return all;
  }
};

version_comparison good() {
  version_comparison made;
  made.profiles = made.with_newest = 1000;
  made.overlap = 0.5;
  made.in_force = {0, 0, 100, 500, std::chrono::milliseconds(100)};
  made.candidate = made.in_force;
  return made;
}

std::string why_not(const version_comparison& compared, const gate_settings& bounds = {}) {
  const auto all = objections(compared, bounds);
  BOOST_TEST(all.size() <= 1u);
  return all.empty() ? "" : all.front();
}

bool begins(const std::string& text, const std::string& part) {
  return text.compare(0, part.size(), part) == 0;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(version_comparisons, comparison_fixture)

BOOST_AUTO_TEST_CASE(a_version_is_like_itself) {
  const auto compared = test::need(compare_versions(*shop, *shop, profiles(), {}));
  BOOST_TEST(compared.profiles == 60u);
  BOOST_TEST(compared.with_newest == 60u);
  BOOST_TEST(compared.overlap == 1);
  BOOST_TEST(compared.shift == 0);
  BOOST_TEST(compared.in_force.hits == compared.candidate.hits);
  BOOST_TEST(compared.in_force.different_items == compared.candidate.different_items);
  BOOST_TEST(compared.in_force.different_items > 20u);
  BOOST_TEST(compared.in_force.time.count() > 0);
}

BOOST_AUTO_TEST_CASE(a_spoiled_version_differs) {
  const auto compared = test::need(compare_versions(*shop, *spoiled(), profiles(), {}));
  BOOST_TEST(compared.overlap < 0.7);
  BOOST_TEST(compared.shift > 0);
}

BOOST_AUTO_TEST_CASE(short_and_popular_lists_are_counted) {
  const std::vector<recent_profile> unknown(60, {"nobody", items({"no book"})});
  const auto compared = test::need(compare_versions(*shop, *shop, unknown, {}));
  BOOST_TEST(compared.candidate.popular_lists == 60u);
  BOOST_TEST(compared.candidate.short_lists == 0u);
  BOOST_TEST(compared.with_newest == 0u);
  comparison_limits narrow;
  narrow.cascade.candidates = narrow.cascade.din_keep = 5;
  narrow.cascade.ranknet_keep = 5;
  BOOST_TEST(test::need(compare_versions(*shop, *shop, unknown, narrow)).candidate.short_lists == 0u);
}

BOOST_AUTO_TEST_CASE(the_newest_item_is_not_looked_for_where_the_history_has_it) {
  const auto id = std::string(shop->items[0]);
  const auto compared = test::need(
      compare_versions(*shop, *shop, {{"a", items({id, id})}, {"b", items({id})}, {"c", items({})}}, {}));
  BOOST_TEST(compared.profiles == 3u);
  BOOST_TEST(compared.with_newest == 0u);
}

BOOST_AUTO_TEST_CASE(ends_in_time) {
  comparison_limits none;
  none.most_time = std::chrono::milliseconds(0);
  const auto compared = test::need(compare_versions(*shop, *shop, profiles(), none));
  BOOST_TEST(compared.profiles == 0u);
  BOOST_TEST(objections(compared, {}).empty());
}

BOOST_AUTO_TEST_CASE(each_bound_refuses) {
  BOOST_TEST(why_not(good()) == "");
  auto compared = good();
  compared.overlap = 0.04;
  BOOST_TEST(why_not(compared) == "overlap of the lists: expected at least 0.05, got 0.04");
  compared = good();
  compared.candidate.hits = 50;
  BOOST_TEST(begins(why_not(compared), "found newest items"));
  compared.candidate.hits = 70; // could be chance
  BOOST_TEST(why_not(compared) == "");
  compared = good();
  compared.candidate.different_items = 249;
  BOOST_TEST(begins(why_not(compared), "different items"));
  compared = good();
  compared.candidate.short_lists = 21;
  BOOST_TEST(begins(why_not(compared), "share of short or popular lists"));
  compared = good();
  compared.candidate.popular_lists = 21;
  BOOST_TEST(begins(why_not(compared), "share of short or popular lists"));
  compared = good();
  compared.candidate.time = std::chrono::milliseconds(301);
  BOOST_TEST(begins(why_not(compared), "computing time"));
  compared.times_compare = false;
  BOOST_TEST(why_not(compared) == "");
  compared = good();
  compared.shift = 5;
  BOOST_TEST(why_not(compared) == "");
  gate_settings strict;
  strict.most_shift = 0.25;
  BOOST_TEST(begins(why_not(compared, strict), "shift of the scores"));
}

BOOST_AUTO_TEST_CASE(bounds_of_zero_refuse_nothing) {
  gate_settings none;
  none.least_overlap = none.least_hits = none.least_coverage = none.most_short = none.most_time = 0;
  version_comparison bad = good();
  bad.overlap = 0;
  bad.candidate = {1000, 1000, 0, 0, std::chrono::hours(1)};
  BOOST_TEST(objections(bad, none).empty());
  BOOST_TEST(objections(bad, {}).size() == 5u);
  bad.profiles = least_replayed_profiles - 1; // too few to say anything
  BOOST_TEST(objections(bad, {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(recent_profile_rings)

BOOST_AUTO_TEST_CASE(keeps_the_last_ones_one_a_user) {
  recent_profiles recent(2);
  for (const char* user : {"a", "b", "a", "c"})
    recent.add(user, items({user}));
  auto all = recent.all();
  BOOST_REQUIRE(all.size() == 2u);
  BOOST_TEST(all[0].user_id == "c");
  BOOST_TEST(all[1].user_id == "b");
  recent.add("b", items(std::vector<std::string>(201, "x")));
  BOOST_TEST(recent.all()[1].items->size() == 200u);
  recent_profiles none(0);
  none.add("a", items({"x"}));
  BOOST_TEST(none.all().empty());
}

BOOST_AUTO_TEST_CASE(forgets_users) {
  recent_profiles recent(3);
  for (const char* user : {"a", "b", "c", "d"}) // d takes the place of a
    recent.add(user, items({user}));
  recent.forget("nobody");
  recent.forget("b");
  const auto users = [&] {
    std::string all;
    for (const auto& one : recent.all()) {
      BOOST_TEST(one.items->front() == one.user_id);
      all += one.user_id;
    }
    return all;
  };
  BOOST_TEST(users() == "dc");
  recent.forget("c");
  BOOST_TEST(users() == "d");
  for (const char* user : {"e", "f", "d", "g"})
    recent.add(user, items({user}));
  BOOST_TEST(users().size() == 3u);
  BOOST_TEST(users().find('g') != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
