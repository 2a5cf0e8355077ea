#include "models/cascade.hpp"
#include "models/explanation.hpp"
#include "models/learning/live_learner.hpp"
#include "models/list_wishes.hpp"
#include "tests/models/learning/learning_directory.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

/// Serves adopted items of a real model directory through all stages.
namespace {

using namespace winnow;
using namespace winnow::test;

struct adopted_fixture : learning_directory {
  model_set_ptr trained = load();
  live_learner learner{trained, {}, user_marks(1'000)};
  cascade_scratch work;

  /// Lets three strangers take the first items and then the new one.
  model_set_ptr adopt(const std::string& item = "a new book") {
    for (const auto* reader : {"one", "two", "three"})
      learner.learn(reader + item, after_the_first(item), 0);
    return learner.publish();
  }

  std::vector<std::string> after_the_first(const std::string& item) const {
    return {std::string(trained->items[0]), std::string(trained->items[1]), item};
  }

  struct lists {
    ranked_list candidates, by_din, by_ranknet;
  };

  lists serve(const model_set& models, const user_context& user, std::size_t count) {
    lists all;
    const user_context* const users[] = {&user};
    all.candidates = generate_candidates(models, users, count, work)[0];
    const ranking_task for_din{&user, &all.candidates};
    all.by_din = need(std::move(rank_by_din(models, {&for_din, 1}, count, work)[0]));
    const ranking_task for_ranknet{&user, &all.by_din};
    all.by_ranknet = need(std::move(rank_by_ranknet(models, {&for_ranknet, 1}, count, work)[0]));
    return all;
  }

  static bool has(const ranked_list& list, std::uint32_t item) {
    return std::any_of(list.items.begin(), list.items.end(),
                       [&](const scored_item& entry) { return entry.item == item; });
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(adopted_items_, adopted_fixture)

BOOST_AUTO_TEST_CASE(are_recommended_to_similar_users_and_ranked) {
  const auto models = adopt();
  const auto item = models->items.find("a new book").value();
  const auto user =
      resolve_user(*models, "a stranger", std::vector<std::string>{std::string(models->items[0]), "x", "y"});
  const auto all = serve(*models, user, 30);
  BOOST_CHECK(has(all.candidates, item));
  BOOST_CHECK(has(all.by_din, item));
  BOOST_CHECK(has(all.by_ranknet, item));
  for (const auto& entry : all.by_ranknet.items)
    BOOST_CHECK(std::isfinite(entry.score));
  const auto place = std::find_if(all.candidates.items.begin(), all.candidates.items.end(),
                                  [&](const scored_item& entry) { return entry.item == item; }) -
                     all.candidates.items.begin();
  BOOST_CHECK_NE(all.candidates.evidence[static_cast<std::size_t>(place)].transition_rank, no_rank);
  BOOST_CHECK_GT(all.candidates.evidence[static_cast<std::size_t>(place)].last_transition, 0.0f);
}

BOOST_AUTO_TEST_CASE(are_found_by_their_embedding_alone) {
  const auto models = adopt();
  const auto item = models->items.find("a new book").value();
  const auto user =
      resolve_user(*models, "a stranger",
                   std::vector<std::string>{std::string(models->items[0]), std::string(models->items[1])});
  const user_context* const users[] = {&user};
  const auto list = generate_candidates(*models, users, models->items.size(), work, nullptr,
                                        candidate_sources::lightgcn)[0];
  BOOST_CHECK_EQUAL(list.items.size(), models->items.size() - 2);
  const auto place = std::find_if(list.items.begin(), list.items.end(),
                                  [&](const scored_item& entry) { return entry.item == item; });
  BOOST_REQUIRE(place != list.items.end());
  BOOST_CHECK_LT(place - list.items.begin(), 20); // near what its readers took
}

BOOST_AUTO_TEST_CASE(serve_as_history) {
  const auto models = adopt();
  const auto item = models->items.find("a new book").value();
  const auto user = resolve_user(*models, "a stranger", std::vector<std::string>{"a new book"});
  BOOST_CHECK(source_of(user) == list_source::history_mean);
  const auto all = serve(*models, user, models->items.size());
  BOOST_CHECK(!has(all.candidates, item)); // excluded, like all of the history
  BOOST_CHECK_EQUAL(all.by_ranknet.items.size(), models->items.size() - 1);
  const auto first = std::find_if(all.candidates.evidence.begin(), all.candidates.evidence.end(),
                                  [](const auto& evidence) { return evidence.transition_rank == 0; });
  BOOST_REQUIRE(first != all.candidates.evidence.end()); // backward, to what was taken just before
  const auto before = all.candidates.items[static_cast<std::size_t>(first - all.candidates.evidence.begin())];
  BOOST_CHECK_EQUAL(before.item, 1u);
}

BOOST_AUTO_TEST_CASE(are_explained_and_explain) {
  const auto models = adopt();
  const auto item = models->items.find("a new book").value();
  const auto user = resolve_user(*models, "a stranger",
                                 std::vector<std::string>{std::string(models->items[5]), "a new book"});
  din_model::scratch scratch;
  const auto peaks = explain(*models, user, std::vector<std::uint32_t>{3, item}, scratch);
  BOOST_REQUIRE_EQUAL(peaks.size(), 2u);
  for (const auto& peak : peaks)
    BOOST_CHECK_LT(peak.position, 2u);
}

BOOST_AUTO_TEST_CASE(requests_that_began_before_end_with_the_models_that_they_have) {
  const auto one = adopt();
  const auto two = adopt("a newer book");
  const auto serve_all = [&](const model_set& models) {
    const auto user =
        resolve_user(models, "a stranger", std::vector<std::string>{std::string(models.items[0])});
    return serve(models, user, models.items.size());
  };
  const auto before = serve_all(*one);
  const auto later = serve_all(*two);
  const auto again = serve_all(*one);
  BOOST_CHECK_EQUAL(before.by_ranknet.items.size(), trained->items.size());
  BOOST_CHECK_EQUAL(later.by_ranknet.items.size(), trained->items.size() + 1);
  BOOST_REQUIRE_EQUAL(again.by_ranknet.items.size(), before.by_ranknet.items.size());
  for (std::size_t i = 0; i < again.by_ranknet.items.size(); ++i) {
    BOOST_CHECK_EQUAL(again.by_ranknet.items[i].item, before.by_ranknet.items[i].item);
    BOOST_CHECK_EQUAL(again.by_ranknet.items[i].score, before.by_ranknet.items[i].score);
  }
}

BOOST_AUTO_TEST_CASE(leave_the_lists_of_users_without_history_as_they_were) {
  const auto models = adopt();
  const auto nobody = resolve_user(*models, "a stranger", {});
  const auto list = serve(*models, nobody, 10).candidates;
  BOOST_CHECK(list.source == list_source::popular);
  BOOST_CHECK_EQUAL(list.items.size(), 10u);
}

BOOST_AUTO_TEST_CASE(are_ranked_for_users_without_history_if_hardly_another_item_may_be) {
  const auto models = adopt();
  const auto item = models->items.find("a new book").value();
  auto nobody = resolve_user(*models, "a stranger", {});
  list_query query;
  query.items = {{std::string(trained->items[3]), "a new book"}};
  kept_choices kept;
  nobody.wishes = std::make_shared<const list_wishes>(need(resolve_wishes(query, *models, 20, kept)));
  BOOST_TEST(nobody.wishes->named->known == 2u);
  const auto ranked = serve(*models, nobody, 2);
  BOOST_CHECK(ranked.candidates.source == list_source::popular);
  BOOST_TEST(ranked.by_ranknet.items.size() == 2u);
  BOOST_TEST(has(ranked.by_ranknet, item));

  list_wishes others;
  for (std::uint32_t one = 0; one < trained->items.size(); ++one)
    others.excluded.push_back(one);
  nobody.wishes = std::make_shared<const list_wishes>(std::move(others));
  const auto only = serve(*models, nobody, 20).candidates;
  BOOST_TEST(only.items.size() == 1u);
  BOOST_TEST(has(only, item));

  nobody.wishes = nullptr; // a small catalogue, all of which is asked for
  BOOST_TEST(serve(*models, nobody, 1'000'000).candidates.items.size() == models->items.size());
}

BOOST_AUTO_TEST_CASE(get_the_columns_of_the_feature_file) {
  auto models = adopt();
  const auto item = models->items.find("a new book").value();
  std::ofstream(dir.path() / "item_features.csv", std::ios::app) << "a new book,5,0.75\n";
  BOOST_REQUIRE(learner.read_features());
  BOOST_CHECK(learner.has_news());
  models = learner.publish();
  BOOST_CHECK_EQUAL(models->din_rows().row(item)[0], 0.75f); // price, emb_3, emb_0
  BOOST_CHECK_EQUAL(models->din_rows().row(item)[1], models->item_embeddings.row(item)[3]);
  BOOST_CHECK_EQUAL(models->ranknet_rows().row(item)[1], 0.75f); // emb_5, price
  BOOST_CHECK_EQUAL(models->ranknet_rows().row(item)[0], models->item_embeddings.row(item)[5]);
}

BOOST_AUTO_TEST_SUITE_END()
