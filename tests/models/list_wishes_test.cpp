#include "models/list_wishes.hpp"

#include "models/narrowed_candidates.hpp"
#include "tests/models/stage_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace {

using namespace winnow;
using namespace winnow::test;

constexpr const char* known_user = "A8SZ6INK77SAY";

/// The bookshop with transitions and with attributes: every fourth item is `rare`; prices count up.
struct wishes_fixture {
  wishes_fixture() {
    const auto shop = need(load_model_set(stage_directory::settings_of(fixture("bookshop"))));
    std::filesystem::copy(fixture("bookshop"), dir.path(), std::filesystem::copy_options::recursive);
    std::ofstream items(dir.path() / "items.csv");
    items << "item_id,rare,price,author\n";
    for (std::uint32_t item = 0; item < shop->items.size(); ++item)
      items << shop->items[item] << "," << (item % 4 == 0 ? "true" : "false") << "," << item << ",author "
            << item % 3 << "\n";
    std::ofstream rows(dir.path() / "transitions.csv");
    rows << "item_id,next_item_id,weight\n";
    for (std::uint32_t next = 100; next < 130; ++next)
      rows << shop->items[0] << "," << shop->items[next] << "," << 1000 * (130 - next) << "\n";
    std::ofstream(dir.path() / "model.json") << R"({"transitions": {"candidates": 30, "weight": 2}})";
    items.close();
    rows.close();
    models = need(load_model_set(stage_directory::settings_of(dir.path())));
    profile = {std::string(models->items[0]), std::string(models->items[7])};
  }

  result<list_wishes> try_resolve(const char* query, query_form form = query_form::list) {
    return resolve_wishes(need(parse_list_query(nlohmann::json::parse(query), form)), *models, 20, kept);
  }

  /// Ranks for the user, with these wishes, as the daemon does.
  ranked_list rank(const char* query, query_form form = query_form::list) {
    wishes = std::make_shared<const list_wishes>(need(try_resolve(query, form)));
    user = resolve_user(*models, known_user, profile);
    user.wishes = wishes;
    const auto widths = widths_for(*wishes, cascade_widths{});
    const user_context* const users[] = {&user};
    cascade_scratch work;
    candidates = generate_candidates(*models, users, widths.candidates, work)[0];
    const ranking_task by_din{&user, &candidates};
    const auto kept_by_din = need(rank_by_din(*models, {&by_din, 1}, widths.din_keep, work)[0]);
    const ranking_task by_ranknet{&user, &kept_by_din};
    return need(rank_by_ranknet(*models, {&by_ranknet, 1}, widths.ranknet_keep, work)[0]);
  }

  std::vector<std::uint32_t> list(const char* query, query_form form = query_form::list) {
    const auto ranked = rank(query, form);
    return arrange_list(*models, *wishes, ranked);
  }

  std::string id(std::uint32_t item) const { return std::string(models->items[item]); }

  temporary_directory dir;
  model_set_ptr models;
  std::vector<std::string> profile;
  kept_choices kept;
  std::shared_ptr<const list_wishes> wishes;
  user_context user;
  ranked_list candidates;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(list_wishes_suite, wishes_fixture)

BOOST_AUTO_TEST_CASE(without_wishes_the_list_is_the_plain_one) {
  const auto wished = list("{}");
  const auto plain = resolve_user(*models, known_user, profile);
  const user_context* const users[] = {&plain};
  cascade_scratch work;
  const auto from = generate_candidates(*models, users, 100, work)[0];
  const ranking_task by_din{&plain, &from};
  const auto kept_by_din = need(rank_by_din(*models, {&by_din, 1}, 50, work)[0]);
  const ranking_task by_ranknet{&plain, &kept_by_din};
  const auto ranked = need(rank_by_ranknet(*models, {&by_ranknet, 1}, 20, work)[0]);
  BOOST_REQUIRE_EQUAL(wished.size(), 20u);
  for (std::size_t place = 0; place < 20; ++place)
    BOOST_CHECK_EQUAL(wished[place], ranked.items[place].item);
}

BOOST_AUTO_TEST_CASE(filters_before_the_cut_of_each_stage) {
  const auto chosen = list(R"({"filter": {"rare": true}})");
  BOOST_CHECK_EQUAL(chosen.size(), 20u); // although DIN keeps fewer of the plain candidates
  for (const auto item : chosen)
    BOOST_CHECK_EQUAL(item % 4, 0u);
  BOOST_CHECK_EQUAL(std::set<std::uint32_t>(chosen.begin(), chosen.end()).size(), chosen.size());
}

BOOST_AUTO_TEST_CASE(candidates_are_the_best_of_those_that_pass) {
  rank(R"({"filter": {"rare": true}})");
  const auto narrowed = candidates;
  rank("{}");
  cascade_scratch work;
  auto all = resolve_user(*models, known_user, profile);
  const user_context* const users[] = {&all};
  const auto every = generate_candidates(*models, users, models->items.size(), work, nullptr,
                                         candidate_sources::lightgcn)[0];
  std::vector<std::uint32_t> expected;
  for (const auto& entry : every.items)
    if (entry.item % 4 == 0)
      expected.push_back(entry.item);
  std::vector<std::uint32_t> found;
  for (std::size_t i = 0; i < narrowed.items.size(); ++i)
    if (narrowed.evidence.empty() || narrowed.evidence[i].recall_rank != no_rank)
      found.push_back(narrowed.items[i].item);
  expected.resize(std::min(expected.size(), found.size()));
  std::sort(expected.begin(), expected.end());
  std::sort(found.begin(), found.end());
  BOOST_CHECK_EQUAL_COLLECTIONS(found.begin(), found.end(), expected.begin(), expected.end());
}

// Wishes that leave out little share one search with other users: with the same candidates as alone.
BOOST_AUTO_TEST_CASE(little_narrowed_candidates_are_those_of_a_search_of_their_own) {
  for (const std::string& query : {R"({"exclude": [")" + id(3) + R"(", ")" + id(12) + R"("]})",
                                   std::string(R"({"filter": {"price": {"gte": 9}}})"),
                                   R"({"exclude": [")" + id(13) + R"("], "filter": {"rare": false}})"}) {
    rank(query.c_str());
    BOOST_CHECK(wishes->narrow() && wishes->narrows_little(models->items.size()));
    cascade_scratch work;
    const auto plain = resolve_user(*models, known_user, profile);
    const user_context* const users[] = {&plain, &user, &plain};
    const auto together = generate_candidates(*models, users, 60, work);
    const auto alone = narrowed_candidates(*models, user, 60, work);
    BOOST_REQUIRE_EQUAL(together[1].items.size(), alone.items.size());
    for (std::size_t i = 0; i < alone.items.size(); ++i) {
      BOOST_CHECK_EQUAL(together[1].items[i].item, alone.items[i].item);
      BOOST_CHECK_CLOSE(together[1].items[i].score, alone.items[i].score, 1e-3); // sums of another order
    }
  }
  rank(R"({"filter": {"rare": true}})");
  BOOST_CHECK(!wishes->narrows_little(models->items.size()));
}

BOOST_AUTO_TEST_CASE(all_that_is_allowed_is_told_without_a_user) {
  const auto allowed = [&](const std::string& query) {
    return need(try_resolve(query.c_str())).all_allowed(*models);
  };
  BOOST_CHECK(!allowed("{}"));
  const auto without = allowed(R"({"exclude": [")" + id(3) + R"("]})");
  BOOST_CHECK_EQUAL(without->count(), models->items.size() - 1);
  BOOST_CHECK(!without->allows(3) && without->allows(4) &&
              !without->allows(static_cast<std::uint32_t>(models->items.size())));
  const auto both = allowed(R"({"exclude": [")" + id(4) + R"("], "filter": {"rare": true}})");
  for (std::uint32_t item = 0; item < models->items.size(); ++item)
    BOOST_CHECK_EQUAL(both->allows(item), item % 4 == 0 && item != 4);
}

BOOST_AUTO_TEST_CASE(a_short_list_says_why) {
  const auto chosen = list(R"({"filter": {"price": {"lt": 3}}})"); // items 0, 1 and 2; 0 is in the history
  BOOST_CHECK_EQUAL(chosen.size(), 2u);
  BOOST_CHECK_EQUAL(shortage_of(*wishes, user, chosen.size(), models->items.size()),
                    "2 of 20 items: 3 of " + std::to_string(models->items.size()) +
                        " items pass the filter, 2 are in the history");
  BOOST_CHECK_EQUAL(shortage_of(*wishes, user, 20, models->items.size()), "");
}

BOOST_AUTO_TEST_CASE(leaves_out_excluded_items_and_keeps_the_list_long) {
  const auto before = list("{}");
  const std::string query =
      R"({"exclude": [")" + id(before[0]) + R"(", ")" + id(before[3]) + R"(", "unknown"]})";
  const auto after = list(query.c_str());
  BOOST_CHECK_EQUAL(after.size(), 20u);
  for (const auto gone : {before[0], before[3]})
    BOOST_CHECK(std::find(after.begin(), after.end(), gone) == after.end());
  BOOST_CHECK_EQUAL(after[0], before[1]);
}

BOOST_AUTO_TEST_CASE(pages_of_a_list_continue_each_other) {
  const auto whole = list(R"({"limit": 40})");
  BOOST_REQUIRE_EQUAL(whole.size(), 40u);
  const auto second = list(R"({"limit": 20, "offset": 20})");
  BOOST_CHECK_EQUAL_COLLECTIONS(second.begin(), second.end(), whole.begin() + 20, whole.end());
}

BOOST_AUTO_TEST_CASE(boosts_multiply_shares_of_the_softmax) {
  const auto plain = rank("{}");
  const auto boosted = rank(R"({"boost": [{"filter": {"rare": true}, "factor": 4}]})");
  for (const auto& entry : boosted.items)
    for (const auto& before : plain.items)
      if (before.item == entry.item)
        BOOST_CHECK_CLOSE(entry.score - before.score, entry.item % 4 == 0 ? std::log(4.0f) : 0.0f, 0.01);
  const auto least = list(R"({"boost": [{"filter": {"rare": true}, "factor": 1000000}]})");
  BOOST_CHECK_EQUAL(least[0] % 4, 0u);
}

BOOST_AUTO_TEST_CASE(pins_items_at_their_places) {
  const auto plain = list("{}");
  const std::string query = R"({"pin": {")" + id(99) + R"(": 1, ")" + id(plain[0]) + R"(": 4}})";
  const auto pinned = list(query.c_str());
  BOOST_CHECK_EQUAL(pinned.size(), 20u);
  BOOST_CHECK_EQUAL(pinned[0], 99u);
  BOOST_CHECK_EQUAL(pinned[1], plain[1]); // the best one is pinned elsewhere
  BOOST_CHECK_EQUAL(pinned[3], plain[0]);
  BOOST_CHECK_EQUAL(std::set<std::uint32_t>(pinned.begin(), pinned.end()).size(), 20u);
  BOOST_CHECK_EQUAL(try_resolve(R"({"pin": {"nobody": 1}})").error().message,
                    "pin: the models do not know the item nobody");
}

BOOST_AUTO_TEST_CASE(spreads_a_list_over_an_attribute) {
  const auto spread = list(R"({"limit": 6, "diversity": {"attribute": "author", "most": 2}})");
  BOOST_REQUIRE_EQUAL(spread.size(), 6u);
  std::multiset<std::uint32_t> authors;
  for (const auto item : spread)
    authors.insert(item % 3);
  for (std::uint32_t author = 0; author < 3; ++author)
    BOOST_CHECK_EQUAL(authors.count(author), 2u);
  const auto least = list(R"({"diversity": {"attribute": "author", "most": 2}})");
  BOOST_CHECK_EQUAL(least.size(), 6u); // there are three authors
  BOOST_CHECK_EQUAL(try_resolve(R"({"diversity": {"attribute": "price", "most": 2}})").error().message,
                    "diversity: expected an attribute of texts, got \"price\"");
}

BOOST_AUTO_TEST_CASE(diversity_makes_the_items_of_a_list_less_similar) {
  const auto similarity = [&](const std::vector<std::uint32_t>& items) {
    double sum = 0;
    for (const auto a : items)
      for (const auto b : items)
        if (a < b) {
          const auto row = models->item_embeddings.row(a);
          sum += models->item_embeddings.dot(b, row) /
                 std::sqrt(models->item_embeddings.dot(a, row) *
                           models->item_embeddings.dot(b, models->item_embeddings.row(b)));
        }
    return sum;
  };
  const auto plain = list("{}"), diverse = list(R"({"diversity": 0.8})");
  BOOST_CHECK_EQUAL(diverse.size(), 20u);
  BOOST_CHECK_EQUAL(diverse[0], plain[0]);
  BOOST_CHECK_LT(similarity(diverse), similarity(plain));
}

BOOST_AUTO_TEST_CASE(ranks_given_items_with_those_of_the_history) {
  const std::string query = R"({"items": [")" + id(0) + R"(", ")" + id(20) + R"(", ")" + id(30) +
                            R"(", "unknown", ")" + id(20) + R"("]})";
  auto ranked = list(query.c_str(), query_form::rank);
  std::sort(ranked.begin(), ranked.end());
  const std::vector<std::uint32_t> expected{0, 20, 30};
  BOOST_CHECK_EQUAL_COLLECTIONS(ranked.begin(), ranked.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_CASE(keeps_what_filters_allow_until_the_models_change) {
  const auto first = need(try_resolve(R"({"filter": {"rare": true}})"));
  const auto second = need(try_resolve(R"({"filter": {"rare": true}})"));
  BOOST_CHECK_EQUAL(first.allowed, second.allowed);
  models = need(load_model_set(stage_directory::settings_of(dir.path())));
  BOOST_CHECK(need(try_resolve(R"({"filter": {"rare": true}})")).allowed != first.allowed);
}

BOOST_AUTO_TEST_CASE(models_without_an_items_file_have_no_attributes) {
  std::filesystem::remove(dir.path() / "items.csv");
  models = need(load_model_set(stage_directory::settings_of(dir.path())));
  BOOST_CHECK_EQUAL(try_resolve(R"({"filter": {}})").error().message,
                    "filter: the models have no items file (items.csv), so the items have no attributes");
  BOOST_CHECK_EQUAL(try_resolve(R"({"fields": ["title"]})").error().message,
                    "fields: the items have no attribute \"title\"");
}

BOOST_AUTO_TEST_SUITE_END()
