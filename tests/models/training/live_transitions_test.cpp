#include "models/learning/live_learner.hpp"
#include "models/training/transition_counting.hpp"
#include "models/training/transition_fit.hpp"
#include "tests/models/learning/small_models.hpp"
#include "tests/models/training/lists_of.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

namespace winnow {

namespace {

using test::lists_of;

using history = std::vector<std::uint32_t>;

constexpr std::uint32_t trained_items = 25, all_items = 30;

std::vector<std::string> ids_of(const history& items) {
  std::vector<std::string> ids;
  for (const auto item : items)
    ids.push_back("i" + std::to_string(item));
  return ids;
}

/// Histories of which the training counts the first half, and what follows is learned live. Five items come
/// in the second half only.
struct halves {
  std::vector<history> early, whole;
  test::small_models shop{trained_items};

  halves() {
    std::mt19937 random(9);
    for (std::uint32_t user = 0; user < 40; ++user) {
      history items;
      for (std::size_t at = 0; at < 12; ++at)
        items.push_back(static_cast<std::uint32_t>(random() % trained_items));
      early.push_back(items);
      for (std::size_t at = 0; at < 12; ++at)
        items.push_back(static_cast<std::uint32_t>(random() % all_items));
      whole.push_back(items);
    }
    shop.rules = {0.7, 0.3, 5, 1'000};
    shop.scoring = {0.6, 20, 0.25};
    shop.counts = count(early, trained_items);
    shop.taken = taken_counts(lists_of(early), trained_items);
  }

  transition_counts count(const std::vector<history>& users, std::size_t items) const {
    thread_team team(1);
    return count_transitions(lists_of(users), items, shop.rules, team);
  }

  transition_table whole_table() const {
    return {count(whole, all_items), taken_counts(lists_of(whole), all_items), shop.scoring};
  }

  user_marks marks() const {
    user_marks noted(1'000);
    for (std::size_t user = 0; user < early.size(); ++user) {
      const auto ids = ids_of(early[user]);
      const std::vector<std::string_view> views(ids.begin(), ids.end());
      noted.note(user_marks::hash_of(name(user)), mark_of(views));
    }
    return noted;
  }

  static std::string name(std::size_t user) { return "reader " + std::to_string(user); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(live_transitions, halves)

BOOST_AUTO_TEST_CASE(score_like_transitions_that_were_all_trained) {
  learning_options options;
  options.half_life = 1e15;
  options.successors = 1'000;
  options.adopt_after = 1;
  live_learner learner(shop.make(), options, marks());
  for (std::size_t length = 13; length <= 24; ++length)
    for (std::size_t user = 0; user < whole.size(); ++user) {
      const history so_far(whole[user].begin(), whole[user].begin() + static_cast<std::ptrdiff_t>(length));
      learner.learn(name(user), ids_of(so_far), static_cast<double>(length));
    }
  const auto models = learner.publish();
  BOOST_REQUIRE_EQUAL(models->items.size(), all_items);

  const auto wanted = whole_table();
  transition_scratch live_work, wanted_work;
  for (const auto& past : whole) {
    history here; // adopted items have other indices
    for (const auto& id : ids_of(past))
      here.push_back(models->items.find(id).value());
    models->transitions->score(here, live_work, &models->learned->transitions);
    wanted.score(past, wanted_work);
    const auto live_best = transition_table::best({}, all_items, live_work);
    const auto wanted_best = transition_table::best({}, all_items, wanted_work);
    BOOST_REQUIRE_EQUAL(live_best.size(), wanted_best.size());
    for (std::size_t place = 0; place < wanted_best.size(); ++place) {
      BOOST_CHECK_EQUAL(models->items[live_best[place].item], "i" + std::to_string(wanted_best[place].item));
      BOOST_CHECK_CLOSE(live_best[place].score, wanted_best[place].score, 0.01f);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
