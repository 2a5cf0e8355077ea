#include "models/list_wishes.hpp"

#include "models/availability/deny_list.hpp"
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
    items << "item_id,rare,price,author,shelf\n";
    for (std::uint32_t item = 0; item < shop->items.size(); ++item)
      items << shop->items[item] << "," << (item % 4 == 0 ? "true" : "false") << "," << item << ",author "
            << item % 3 << ",shelf " << shelf_of(item) << "\n";
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

  static std::uint32_t shelf_of(std::uint32_t item) { return item / 12; }

  /// Ranks for the user, with these wishes, as the daemon does.
  ranked_list rank(const char* query, query_form form = query_form::list) {
    wishes = std::make_shared<const list_wishes>(need(try_resolve(query, form)));
    user = resolve_user(*models, known_user, profile);
    user.wishes = wishes;
    widths = widths_for(*wishes, usual);
    const user_context* const users[] = {&user};
    candidates = generate_candidates(*models, users, widths.candidates, work)[0];
    const ranking_task for_din{&user, &candidates};
    by_din = need(rank_by_din(*models, {&for_din, 1}, din_items_for(*wishes, widths), work)[0]);
    const auto to_rank = first_of(std::make_shared<const ranked_list>(by_din), widths.din_keep);
    const ranking_task for_ranknet{&user, to_rank.get()};
    return need(rank_by_ranknet(*models, {&for_ranknet, 1}, widths.ranknet_keep, work)[0]);
  }

  /// The same, and arranges the list. @return It and why it is short.
  std::vector<std::uint32_t> list(const std::string& query, query_form form = query_form::list) {
    const auto ranked = rank(query.c_str(), form);
    auto made = arrange_list(*models, *wishes, parts_of(ranked, by_din, candidates, widths));
    if (made.ran_out && may_have_further(*wishes, widths, candidates.items.size())) {
      candidates =
          further_candidates(*models, user, candidates, further_for(*wishes, models->items.size()), work);
      made = arrange_list(*models, *wishes, parts_of(ranked, by_din, candidates, widths));
    }
    shortage = shortage_of(*wishes, user, made.items.size(), models->items.size());
    return made.items;
  }

  std::string id(std::uint32_t item) const { return std::string(models->items[item]); }

  temporary_directory dir;
  model_set_ptr models;
  std::vector<std::string> profile;
  kept_choices kept;
  std::shared_ptr<const list_wishes> wishes;
  user_context user;
  cascade_widths usual, widths;
  cascade_scratch work;
  ranked_list candidates, by_din;
  std::string shortage;
};

using items = std::vector<std::uint32_t>;

/// Members of a query, with more members behind them.
std::string with(const std::string& members, const std::string& more) {
  return "{" + members + (members.empty() ? "" : ", ") + more + "}";
}

items first(const items& all, std::size_t count) {
  return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()))};
}

/// Of an order, what is left if each shelf is there at most `most` times, besides pinned items.
items spread_over_shelves(const items& order, std::size_t most, std::multiset<std::uint32_t> shelves) {
  items left;
  for (const auto item : order)
    if (shelves.count(wishes_fixture::shelf_of(item)) < most) {
      shelves.insert(wishes_fixture::shelf_of(item));
      left.push_back(item);
    }
  return left;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(list_wishes_suite, wishes_fixture)

BOOST_AUTO_TEST_CASE(without_wishes_the_list_is_the_plain_one) {
  const auto wished = list("{}");
  const auto plain = resolve_user(*models, known_user, profile);
  const user_context* const users[] = {&plain};
  const auto from = generate_candidates(*models, users, 100, work)[0];
  const ranking_task for_din{&plain, &from};
  const auto kept_by_din = need(rank_by_din(*models, {&for_din, 1}, 50, work)[0]);
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

BOOST_AUTO_TEST_CASE(kept_choices_are_of_the_attributes_that_are_there_now) {
  // Later attributes may come to the address of those that are gone.
  const auto filter = need(parse_named_filter(nlohmann::json::parse(R"({"rare": true})")));
  const auto all = need(kept.find(filter, *models))->count();
  for (std::uint32_t hidden = 1; hidden <= 4; ++hidden) {
    std::vector<item_values> changes;
    for (std::uint32_t item = 0; item < hidden; ++item)
      changes.push_back({id(4 * item), {{"rare", {attribute_type::boolean, 0, {}}}}});
    auto changed = std::make_shared<model_set>(*models);
    changed->attributes = std::make_shared<const catalogue_attributes>(
        models->attributes->with(changes, models->items.trained()));
    BOOST_CHECK(!kept.has(filter, *changed));
    BOOST_CHECK_EQUAL(need(kept.find(filter, *changed))->count(), all - hidden);
    BOOST_CHECK(kept.has(filter, *changed));
  }
}

BOOST_AUTO_TEST_CASE(candidates_are_the_best_of_those_that_pass) {
  rank(R"({"filter": {"rare": true}})");
  const auto narrowed = candidates;
  rank("{}");
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
  BOOST_CHECK_EQUAL(shortage, "2 of 20 items: 3 of " + std::to_string(models->items.size()) +
                                  " items pass the filter, 2 are in the history");
  BOOST_CHECK_EQUAL(shortage_of(*wishes, user, 20, models->items.size()), "");
  list(R"({"filter": {"price": {"lt": 3}}, "offset": 1})");
  BOOST_CHECK_EQUAL(shortage, "1 of 20 items: 3 of " + std::to_string(models->items.size()) +
                                  " items pass the filter, 2 are in the history, the offset is 1");
}

BOOST_AUTO_TEST_CASE(a_page_without_a_limit_ends_with_the_longest_list) {
  BOOST_CHECK_EQUAL(need(try_resolve(R"({"offset": 180})")).limit, 20u);
  BOOST_CHECK_EQUAL(need(try_resolve(R"({"offset": 190})")).limit, 10u);
  BOOST_CHECK_EQUAL(need(try_resolve(R"({"offset": 199})")).limit, 1u);
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

// The widths of the stages are small, so that the list goes through all parts of its order.
BOOST_AUTO_TEST_CASE(a_list_is_the_beginning_of_every_longer_one) {
  usual = {40, 15, 8};
  const auto plain = list("{}");
  const std::string pins =
      R"("pin": {")" + id(plain[2]) + R"(": 30, ")" + id(77) + R"(": 4, ")" + id(88) + R"(": 150})";
  for (const std::string& members : {std::string(), std::string(R"("filter": {"rare": true})"),
                                     std::string(R"("filter": {"price": {"gte": 9}})"),
                                     std::string(R"("boost": [{"filter": {"rare": true}, "factor": 4}])"),
                                     pins, std::string(R"("diversity": 0.6)"), R"("diversity": 0.6, )" + pins,
                                     std::string(R"("diversity": {"attribute": "shelf", "most": 2})"),
                                     R"("diversity": {"attribute": "shelf", "most": 3}, )" + pins}) {
    BOOST_TEST_CONTEXT(members) {
      const auto longest = list(with(members, R"("limit": 200)"));
      BOOST_CHECK_EQUAL(items(std::set<std::uint32_t>(longest.begin(), longest.end()).size()).size(),
                        longest.size());
      for (const std::size_t limit : {1, 3, 7, 8, 9, 15, 16, 29, 30, 31, 40, 41, 60, 110, 128})
        BOOST_TEST(list(with(members, R"("limit": )" + std::to_string(limit))) == first(longest, limit),
                   boost::test_tools::per_element());
      items pages;
      for (std::size_t offset = 0; offset < 200; offset += 10) {
        const auto page = list(with(members, R"("limit": 10, "offset": )" + std::to_string(offset)));
        pages.insert(pages.end(), page.begin(), page.end());
      }
      BOOST_TEST(pages == longest, boost::test_tools::per_element());
    }
  }
  BOOST_TEST(list(R"({"limit": 8})") == first(plain, 8), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_long_list_goes_on_with_what_earlier_stages_kept) {
  usual = {40, 15, 8};
  const auto all = list(R"({"limit": 200})");
  BOOST_CHECK_EQUAL(all.size(), models->items.size() - 2); // two are in the history
  const auto ranked = rank(R"({"limit": 200})");
  BOOST_REQUIRE_EQUAL(ranked.items.size(), 15u);
  BOOST_REQUIRE_EQUAL(by_din.items.size(), 40u);
  for (std::size_t place = 0; place < 15; ++place)
    BOOST_CHECK_EQUAL(all[place], ranked.items[place].item);
  for (std::size_t place = 15; place < 40; ++place)
    BOOST_CHECK_EQUAL(all[place], by_din.items[place].item);
}

BOOST_AUTO_TEST_CASE(further_candidates_follow_those_that_are_known) {
  for (const char* query : {R"({"limit": 50})", R"({"limit": 50, "filter": {"rare": true}})"}) {
    rank(query);
    const auto known = generate_candidates(*models, std::vector<const user_context*>{&user}, 10, work)[0];
    const auto all = further_candidates(*models, user, known, 12, work);
    BOOST_REQUIRE_EQUAL(all.items.size(), 22u);
    BOOST_CHECK(all.evidence.size() == (known.evidence.empty() ? 0u : 22u));
    std::set<std::uint32_t> unique;
    for (std::size_t place = 0; place < 22; ++place) {
      unique.insert(all.items[place].item);
      if (place < 10)
        BOOST_CHECK_EQUAL(all.items[place].item, known.items[place].item);
      else if (place > 10)
        BOOST_CHECK_GE(all.items[place - 1].score, all.items[place].score);
      BOOST_CHECK(wishes->allows(all.items[place].item));
      BOOST_CHECK(all.items[place].item != 0 && all.items[place].item != 7);
    }
    BOOST_CHECK_EQUAL(unique.size(), 22u);
  }
}

BOOST_AUTO_TEST_CASE(popular_items_have_further_ones_too) {
  profile.clear();
  usual = {40, 15, 8};
  rank(R"({"limit": 100})");
  user = resolve_user(*models, "nobody", profile);
  user.wishes = wishes;
  const auto known = generate_candidates(*models, std::vector<const user_context*>{&user}, 10, work)[0];
  const auto all = further_candidates(*models, user, known, 12, work);
  BOOST_REQUIRE_EQUAL(all.items.size(), 22u);
  for (std::size_t place = 0; place < 22; ++place)
    BOOST_CHECK_EQUAL(all.items[place].item, (*models->popular)[place]);
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
  const auto refused = try_resolve(R"({"pin": {"nobody": 1}})");
  BOOST_CHECK_EQUAL(refused.error().message, "pin: the models do not know the item nobody");
  BOOST_CHECK(refused.error().cause == fault::malformed); // not_found is a user's missing profile
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
  BOOST_CHECK_EQUAL(try_resolve(R"({"diversity": {"attribute": "autor", "most": 2}})").error().message,
                    "diversity: the items have no attribute \"autor\"; did you mean author?");
}

BOOST_AUTO_TEST_CASE(a_list_is_spread_until_the_catalogue_is_through) {
  usual = {20, 10, 5};
  const auto all = list(R"({"limit": 200})");
  const auto expected = spread_over_shelves(all, 1, {});
  BOOST_REQUIRE_LT(spread_over_shelves(first(all, 20), 1, {}).size(), expected.size()); // or it shows nothing
  const auto shelves = std::to_string(expected.size());
  BOOST_TEST(list(R"({"diversity": {"attribute": "shelf", "most": 1}, "limit": )" + shelves + "}") ==
                 expected,
             boost::test_tools::per_element());
  BOOST_CHECK_EQUAL(shortage, "");
  list(R"({"diversity": {"attribute": "shelf", "most": 1}, "limit": 50})");
  BOOST_CHECK_EQUAL(shortage, shelves + " of 50 items: the catalogue has " +
                                  std::to_string(models->items.size()) +
                                  " items, 2 are in the history, at most 1 with the same shelf");
}

BOOST_AUTO_TEST_CASE(pinned_items_count_for_the_spread_first) {
  const auto all = list(R"({"limit": 200})");
  const auto pinned = all[5];
  const auto shelf = shelf_of(pinned);
  items others;
  std::copy_if(all.begin(), all.end(), std::back_inserter(others), [&](auto item) { return item != pinned; });
  auto expected = spread_over_shelves(others, 1, {shelf});
  expected.insert(expected.begin() + 3, pinned);
  const auto query =
      R"({"diversity": {"attribute": "shelf", "most": 1}, "limit": 8, "pin": {")" + id(pinned) + R"(": 4}})";
  const auto spread = list(query);
  BOOST_TEST(spread == first(expected, 8), boost::test_tools::per_element());
  BOOST_CHECK_EQUAL(
      std::count_if(spread.begin(), spread.end(), [&](auto item) { return shelf_of(item) == shelf; }), 1);
}

BOOST_AUTO_TEST_CASE(a_short_list_says_if_not_all_candidates_were_looked_at) {
  rank(R"({"diversity": {"attribute": "shelf", "most": 1}, "limit": 50})");
  constexpr std::size_t huge = 30'000;
  BOOST_CHECK_EQUAL(further_for(*wishes, huge), 2000u);
  BOOST_CHECK_EQUAL(further_for(*wishes, 600), 600u);
  BOOST_CHECK_EQUAL(shortage_of(*wishes, user, 11, huge, 2100),
                    "11 of 50 items: the catalogue has 30000 items, 2 are in the history, at most 1 with the "
                    "same shelf, only the best 2100 candidates were looked at");
}

// Diversity chooses within what one stage ranked, so that the order of the stages holds.
BOOST_AUTO_TEST_CASE(diversity_keeps_the_parts_of_a_long_list) {
  usual = {40, 15, 8};
  const auto plain = list(R"({"limit": 40})"), diverse = list(R"({"limit": 40, "diversity": 0.8})");
  BOOST_CHECK(plain != diverse);
  for (const auto& part : {std::pair(0, 15), std::pair(15, 40)})
    BOOST_CHECK(std::is_permutation(plain.begin() + part.first, plain.begin() + part.second,
                                    diverse.begin() + part.first, diverse.begin() + part.second));
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

BOOST_AUTO_TEST_CASE(says_why_given_items_are_not_ranked) {
  const auto shortage_for = [&](const std::string& members) {
    list("{" + members + "}", query_form::rank);
    return shortage;
  };
  const auto named = R"("items": [")" + id(0) + R"(", ")" + id(1) + R"(", ")" + id(2) + R"(", ")" + id(4);
  BOOST_CHECK_EQUAL(shortage_for(named + R"("])"), "");
  BOOST_CHECK_EQUAL(shortage_for(named + R"(", ")" + id(4) + R"("])"), ""); // counts once
  BOOST_CHECK_EQUAL(shortage_for(named + R"(", "unknown", "unknown"])"),
                    "4 of 5 items: the models know 4 of 5 named items");
  BOOST_CHECK_EQUAL(shortage_for(named + R"("], "limit": 7)"),
                    "4 of 7 items: the models know 4 of 4 named items");
  BOOST_CHECK_EQUAL(shortage_for(named + R"("], "offset": 1)"),
                    "3 of 4 items: the models know 4 of 4 named items, the offset is 1");
  const auto changed = std::make_shared<model_set>(*models);
  auto denied = std::make_shared<id_table>();
  denied->insert(models->items[0]);
  changed->withheld = std::make_shared<const withheld_items>(
      std::make_shared<const withholding>(models->attributes, denied, 0), models->items);
  models = changed;
  BOOST_CHECK_EQUAL(shortage_for(named + R"("])"),
                    "3 of 4 items: the models know 4 of 4 named items, 1 are withheld");
  // Item 0 is withheld and excluded, item 2 does not pass and is excluded: each counts once.
  BOOST_CHECK_EQUAL(shortage_for(named + R"(", "unknown"], "filter": {"price": {"lt": 2}}, "exclude": [")" +
                                 id(0) + R"(", ")" + id(1) + R"(", ")" + id(2) + R"("])"),
                    "0 of 5 items: the models know 4 of 5 named items, 1 are withheld, 2 do not pass the "
                    "filter, 1 are excluded");
  BOOST_CHECK_EQUAL(wishes->named_withheld.size(), 1u);
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
