#include "models/candidate_merge.hpp"

#include "tests/models/stage_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

namespace {

using namespace winnow;
using namespace winnow::test;

constexpr const char* known_user = "A8SZ6INK77SAY";

/// The bookshop with transitions from its first item to the items 100 to 109, the heaviest first.
struct merge_fixture {
  explicit merge_fixture(
      const std::string& description = R"({"transitions": {"candidates": 8, "weight": 64}})") {
    const auto shop = need(load_model_set(stage_directory::settings_of(fixture("bookshop"))));
    std::filesystem::copy(fixture("bookshop"), dir.path(), std::filesystem::copy_options::recursive);
    std::ofstream rows(dir.path() / "transitions.csv");
    rows << "item_id,next_item_id,weight\n";
    for (std::uint32_t next = 100; next < 110; ++next)
      rows << shop->items[0] << "," << shop->items[next] << "," << 1000 * (110 - next) << "\n";
    std::ofstream(dir.path() / "model.json") << description;
  }

  model_set_ptr load() const { return need(load_model_set(stage_directory::settings_of(dir.path()))); }

  static ranked_list candidates(const model_set& models, const std::vector<std::string>& profile,
                                std::size_t count, candidate_sources sources = candidate_sources::all,
                                std::string_view user = known_user) {
    cascade_scratch work;
    const auto context = resolve_user(models, user, profile);
    const user_context* const users[] = {&context};
    return generate_candidates(models, users, count, work, nullptr, sources)[0];
  }

  temporary_directory dir;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(candidate_merge, merge_fixture)

BOOST_AUTO_TEST_CASE(takes_the_best_of_the_transitions_and_fills_up_with_lightgcn) {
  const auto models = load();
  const std::vector<std::string> profile{std::string(models->items[0])};
  const auto alone = candidates(*models, profile, 20, candidate_sources::lightgcn);
  const auto merged = candidates(*models, profile, 20);
  BOOST_REQUIRE_EQUAL(merged.items.size(), 20u);
  BOOST_REQUIRE_EQUAL(merged.evidence.size(), 20u);
  std::set<std::uint32_t> unique;
  std::size_t from_transitions = 0, from_lightgcn = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    unique.insert(merged.items[i].item);
    const auto& evidence = merged.evidence[i];
    from_transitions += evidence.transition_rank != no_rank ? 1 : 0;
    from_lightgcn += evidence.recall_rank != no_rank ? 1 : 0;
    BOOST_CHECK((evidence.transition_rank == no_rank) || (evidence.transition_score > 0));
    if (evidence.recall_rank != no_rank)
      BOOST_CHECK_EQUAL(alone.items[evidence.recall_rank].item, merged.items[i].item);
  }
  BOOST_CHECK_EQUAL(unique.size(), 20u);
  BOOST_CHECK_EQUAL(from_transitions, 8u); // as many as model.json allows
  BOOST_CHECK_GE(from_lightgcn, 12u);
}

BOOST_AUTO_TEST_CASE(orders_by_the_weighted_places_in_both_sources) {
  const auto models = load();
  const auto merged = candidates(*models, {std::string(models->items[0])}, 20);
  for (std::uint32_t rank = 0; rank < 8; ++rank) // a weight of 64 puts the transitions first
    BOOST_CHECK_EQUAL(merged.evidence[rank].transition_rank, rank);
  BOOST_CHECK_CLOSE(merged.evidence[0].transition_score, 1.0f, 1e-4);
}

BOOST_AUTO_TEST_CASE(notes_what_follows_the_last_known_item_alone) {
  const merge_fixture plain(R"({"transitions": {"candidates": 8, "popularity_exponent": 0}})");
  const auto models = plain.load();
  const std::string first(models->items[0]), without(models->items[50]);
  for (const auto& entry : {std::pair(std::vector<std::string>{without, first, "unknown"}, true),
                            {std::vector<std::string>{first, without}, false}}) {
    const auto& [profile, follows] = entry;
    const auto merged = candidates(*models, profile, 132);
    for (std::size_t i = 0; i < merged.items.size(); ++i) {
      const auto item = merged.items[i].item;
      const bool is_next = item >= 100 && item < 110;
      const auto share = is_next ? static_cast<float>(110 - item) / 10 : 0.0f;
      BOOST_CHECK_CLOSE(merged.evidence[i].transition_score, share, 1e-3f);
      BOOST_CHECK_CLOSE(merged.evidence[i].last_transition, follows ? share : 0.0f, 1e-3f);
    }
  }
}

BOOST_AUTO_TEST_CASE(scores_all_candidates_by_lightgcn) {
  const auto models = load();
  const auto merged = candidates(*models, {std::string(models->items[0])}, 20);
  std::vector<float> room(models->item_embeddings.width());
  const auto user = models->user_embedding(models->users->find(known_user).value(), room);
  for (const auto& entry : merged.items)
    BOOST_CHECK_CLOSE(entry.score, models->item_embeddings.dot(entry.item, user), 1e-3);
}

BOOST_AUTO_TEST_CASE(never_recommends_the_history) {
  const auto models = load();
  const std::vector<std::string> profile{std::string(models->items[0]), std::string(models->items[100])};
  for (const auto& entry : candidates(*models, profile, 132).items)
    BOOST_CHECK(entry.item != 0 && entry.item != 100);
}

BOOST_AUTO_TEST_CASE(is_lightgcns_list_if_no_transition_is_known) {
  const auto models = load();
  const std::vector<std::string> profile{std::string(models->items[50])};
  const auto alone = candidates(*models, profile, 20, candidate_sources::lightgcn);
  const auto merged = candidates(*models, profile, 20);
  BOOST_REQUIRE_EQUAL(merged.items.size(), alone.items.size());
  for (std::size_t i = 0; i < alone.items.size(); ++i)
    BOOST_CHECK_EQUAL(merged.items[i].item, alone.items[i].item);
}

BOOST_AUTO_TEST_CASE(serves_users_without_an_embedding_from_their_history) {
  const auto models = load();
  const auto merged =
      candidates(*models, {std::string(models->items[0])}, 20, candidate_sources::all, "nobody");
  BOOST_CHECK(merged.source == list_source::history_mean);
  BOOST_CHECK_EQUAL(merged.evidence[0].transition_rank, 0u);
}

BOOST_AUTO_TEST_CASE(without_transitions_in_model_json_nothing_changes) {
  const merge_fixture plain("{}");
  const auto models = plain.load();
  BOOST_CHECK(!models->transitions);
  const auto list = candidates(*models, {std::string(models->items[0])}, 20);
  BOOST_CHECK(list.evidence.empty());
}

BOOST_AUTO_TEST_CASE(a_directory_without_its_transitions_is_refused) {
  std::filesystem::remove(dir.path() / "transitions.csv");
  const auto loaded = load_model_set(stage_directory::settings_of(dir.path()));
  BOOST_REQUIRE(!loaded);
  BOOST_CHECK(loaded.error().message.find("model.json: transitions: expected transitions.csv") !=
              std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_version_covers_the_transitions) {
  const auto before = load()->version;
  std::ofstream(dir.path() / "transitions.csv", std::ios::app)
      << load()->items[1] << "," << load()->items[2] << ",1\n";
  BOOST_CHECK(load()->version != before);
}

BOOST_AUTO_TEST_SUITE_END()
