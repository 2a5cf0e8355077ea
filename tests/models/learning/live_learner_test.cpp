#include "models/learning/live_learner.hpp"

#include "models/cascade.hpp"
#include "tests/models/learning/small_models.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace {

using namespace winnow;
using namespace winnow::test;

using kind = learning_outcome::kind;
using history = std::vector<std::string>;

constexpr double day = 86'400;

/// A learner on 100 small items that knows how far the training counted: no user at all. A neighbour counts
/// half as much per step, a quarter backward, and three steps at most.
struct learner_fixture {
  small_models shop{100};
  learning_options options;

  learner_fixture() { options.half_life = 1e12; }

  live_learner learner() const { return counted(user_marks(1'000)); }
  live_learner counted(std::optional<user_marks> marks) const { return {shop.make(), options, marks}; }
};

float weight(const model_set& models, std::uint32_t item, std::uint32_t next) {
  for (const auto& successor : models.learned->transitions.pages.after(item))
    if (successor.item == next)
      return successor.score;
  return 0;
}

void check_learned(const learning_outcome& got, kind what, std::size_t items) {
  BOOST_CHECK(got.what == what);
  BOOST_CHECK_EQUAL(got.items, items);
}

/// Checks that two learners know the same.
void check_same(const model_set& a, const model_set& b) {
  BOOST_REQUIRE_EQUAL(a.items.size(), b.items.size());
  BOOST_CHECK_EQUAL(a.learned->transitions.pages.size(), b.learned->transitions.pages.size());
  BOOST_CHECK(*a.learned->transitions.damping == *b.learned->transitions.damping);
  BOOST_CHECK(*a.learned->taken == *b.learned->taken);
  for (std::uint32_t item = 0; item < a.items.size(); ++item) {
    BOOST_CHECK_EQUAL(a.items[item], b.items[item]);
    for (const auto& successor : a.learned->transitions.pages.after(item))
      BOOST_CHECK_CLOSE(successor.score, weight(b, item, successor.item), 1e-4f);
  }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(live_learner_, learner_fixture)

BOOST_AUTO_TEST_CASE(counts_transitions_as_the_training_does) {
  auto all = learner();
  check_learned(all.learn("a", history{"i0", "i1", "nowhere", "i2", "i3"}, 0), kind::learned, 5);
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(weight(*models, 0, 1), 1.0f);
  BOOST_CHECK_EQUAL(weight(*models, 1, 0), 0.25f);
  BOOST_CHECK_EQUAL(weight(*models, 0, 2), 0.25f); // three steps: unknown items are steps, too
  BOOST_CHECK_EQUAL(weight(*models, 1, 2), 0.5f);
  BOOST_CHECK_EQUAL(weight(*models, 2, 3), 1.0f);
  BOOST_CHECK_EQUAL(weight(*models, 3, 1), 0.25f * 0.25f);
  BOOST_CHECK_EQUAL(weight(*models, 0, 3), 0.0f); // out of reach
  BOOST_CHECK_EQUAL(all.transitions(), 10u);
}

BOOST_AUTO_TEST_CASE(counts_nothing_backward_if_the_training_did_not) {
  shop.rules.backward = 0;
  auto all = learner();
  all.learn("a", history{"i0", "i1"}, 0);
  BOOST_CHECK_EQUAL(all.publish()->learned->transitions.pages.size(), 1u);
}

BOOST_AUTO_TEST_CASE(normalises_by_the_popularity_of_the_training) {
  shop.scoring.popularity_exponent = 0.5;
  shop.taken[0] = 3;
  auto all = learner();
  all.learn("a", history{"i0", "i1"}, 0);
  const auto models = all.publish();
  BOOST_CHECK_CLOSE(weight(*models, 0, 1), 1 / std::sqrt(4.0f * 2.0f), 1e-3f);
  const auto& damping = *models->learned->transitions.damping;
  BOOST_CHECK_CLOSE(damping[0], std::sqrt(4.0f / 5.0f), 1e-3f); // taken once more
  BOOST_CHECK_CLOSE(damping[5], 1.0f, 1e-3f);
}

BOOST_AUTO_TEST_CASE(an_item_does_not_follow_itself) {
  auto all = learner();
  all.learn("a", history{"i0", "i0", "i1"}, 0);
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(weight(*models, 0, 0), 0.0f);
  BOOST_CHECK_EQUAL(weight(*models, 0, 1), 1.5f);
}

BOOST_AUTO_TEST_CASE(a_history_that_is_read_again_counts_once) {
  auto all = learner();
  check_learned(all.learn("a", history{"i0", "i1"}, 0), kind::learned, 2);
  check_learned(all.learn("a", history{"i0", "i1"}, 1), kind::learned, 0);
  BOOST_CHECK_EQUAL(weight(*all.publish(), 0, 1), 1.0f);
  BOOST_CHECK(!all.has_news());
  check_learned(all.learn("a", history{"i0", "i1"}, 2), kind::learned, 0);
  BOOST_CHECK(!all.has_news());
}

BOOST_AUTO_TEST_CASE(learning_in_parts_equals_learning_at_once) {
  shop.scoring.popularity_exponent = 0.25;
  options.adopt_after = 1;
  auto parts = learner(), whole = learner();
  const history items{"i0", "i4", "new", "i7", "i4", "other", "i1", "new"};
  for (std::size_t length = 1; length <= items.size(); ++length) {
    parts.learn("a", {items.data(), length}, 0);
    if (length % 3 == 0)
      parts.publish();
  }
  whole.learn("a", items, 0);
  check_same(*parts.publish(), *whole.publish());
}

BOOST_AUTO_TEST_CASE(learns_only_what_came_after_the_marks_of_the_training) {
  user_marks marks(10);
  const std::vector<std::string_view> counted_items{"i0", "i1"};
  marks.note(user_marks::hash_of("u0"), mark_of(counted_items));
  auto all = counted(marks);
  check_learned(all.learn("u0", history{"i0", "i1", "i2"}, 0), kind::learned, 1);
  check_learned(all.learn("newcomer", history{"i5", "i6"}, 0), kind::learned, 2);
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(weight(*models, 0, 1), 0.0f);
  BOOST_CHECK_EQUAL(weight(*models, 1, 2), 1.0f);
  BOOST_CHECK_EQUAL(weight(*models, 5, 6), 1.0f);
}

BOOST_AUTO_TEST_CASE(without_marks_of_the_training_known_users_are_only_marked_at_first) {
  auto all = counted(std::nullopt);
  check_learned(all.learn("u0", history{"i0", "i1"}, 0), kind::first, 0);
  BOOST_CHECK(!all.has_news());
  check_learned(all.learn("u0", history{"i0", "i1", "i2"}, 0), kind::learned, 1);
  check_learned(all.learn("newcomer", history{"i5", "i6"}, 0), kind::learned, 2);
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(weight(*models, 0, 1), 0.0f);
  BOOST_CHECK_EQUAL(weight(*models, 1, 2), 1.0f);
  BOOST_CHECK_EQUAL(weight(*models, 5, 6), 1.0f);
}

BOOST_AUTO_TEST_CASE(learns_nothing_from_a_rewritten_history_but_from_what_follows) {
  auto all = learner();
  all.learn("a", history{"i0", "i1"}, 0);
  check_learned(all.learn("a", history{"i8", "i9"}, 0), kind::rewritten, 0);
  check_learned(all.learn("a", history{"i8", "i9", "i2"}, 0), kind::learned, 1);
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(weight(*models, 8, 9), 0.0f);
  BOOST_CHECK_EQUAL(weight(*models, 9, 2), 1.0f);
}

BOOST_AUTO_TEST_CASE(a_history_that_was_gone_for_a_while_counts_once) {
  auto all = learner();
  check_learned(all.learn("a", history{}, 0), kind::learned, 0);
  check_learned(all.learn("a", history{"i0", "i1"}, 0), kind::learned, 2);
  check_learned(all.learn("a", history{}, 0), kind::rewritten, 0);
  check_learned(all.learn("a", history{"i0", "i1", "i2"}, 0), kind::learned, 1);
  BOOST_CHECK_EQUAL(weight(*all.publish(), 0, 1), 1.0f);
}

BOOST_AUTO_TEST_CASE(recognises_a_window_that_slides) {
  auto all = learner();
  all.learn("a", history{"i0", "i1", "i2", "i3", "i4"}, 0);
  check_learned(all.learn("a", history{"i1", "i2", "i3", "i4", "i5"}, 0), kind::learned, 1);
  BOOST_CHECK_EQUAL(weight(*all.publish(), 2, 3), 1.0f);
}

BOOST_AUTO_TEST_CASE(learns_nothing_of_more_users_than_there_is_room_for) {
  auto all = counted(user_marks(1));
  check_learned(all.learn("a", history{"i0", "i1"}, 0), kind::learned, 2);
  check_learned(all.learn("b", history{"i2", "i3"}, 0), kind::no_room, 0);
  check_learned(all.learn("a", history{"i0", "i1", "i2"}, 0), kind::learned, 1);
  BOOST_CHECK_EQUAL(weight(*all.publish(), 2, 3), 0.0f);
  BOOST_CHECK_EQUAL(all.users(), 1u);
}

BOOST_AUTO_TEST_CASE(keeps_the_heaviest_successors_of_an_item) {
  shop.rules = {0.5, 0, 1, 128};
  options.successors = 2;
  auto all = learner();
  int user = 0;
  for (const auto& [next, times] : {std::pair("i1", 3), {"i2", 1}, {"i3", 2}})
    for (int i = 0; i < times; ++i)
      all.learn(std::to_string(user++), history{"i0", next}, 0);
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(weight(*models, 0, 1), 3.0f);
  BOOST_CHECK_EQUAL(weight(*models, 0, 2), 0.0f);
  BOOST_CHECK_EQUAL(weight(*models, 0, 3), 2.0f);
}

BOOST_AUTO_TEST_CASE(drops_the_lightest_transitions_if_there_are_too_many) {
  shop.rules = {0.5, 0, 1, 128};
  options.most_transitions = 20;
  auto all = learner();
  for (int item = 0; item < 40; ++item)
    for (int times = 0; times <= item; ++times) {
      all.learn(std::to_string(item) + " " + std::to_string(times),
                history{"i" + std::to_string(item), "i" + std::to_string(item + 1)}, 0);
      if (times == item) {
        all.publish();
        BOOST_CHECK_LE(all.transitions(), 20u);
      }
    }
  const auto models = all.publish();
  BOOST_CHECK_GE(all.transitions(), 15u);
  BOOST_CHECK_EQUAL(weight(*models, 39, 40), 40.0f);
  BOOST_CHECK_EQUAL(weight(*models, 0, 1), 0.0f);
}

BOOST_AUTO_TEST_CASE(names_what_it_did) {
  BOOST_CHECK_EQUAL(to_string(kind::learned), "learned");
  BOOST_CHECK_EQUAL(to_string(kind::first), "first");
  BOOST_CHECK_EQUAL(to_string(kind::rewritten), "rewritten");
  BOOST_CHECK_EQUAL(to_string(kind::no_room), "no_room");
}

BOOST_AUTO_TEST_CASE(adopts_an_item_after_so_many_readers) {
  auto all = learner();
  for (const auto* user : {"a", "b"})
    all.learn(user, history{"i0", "new"}, 0);
  BOOST_CHECK_EQUAL(all.candidates(), 1u);
  BOOST_CHECK(!all.publish()->items.find("new"));
  all.learn("c", history{"i1", "new", "i2"}, 0);
  BOOST_CHECK_EQUAL(all.adopted(), 1u);
  BOOST_CHECK_EQUAL(all.candidates(), 0u);
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(models->items.find("new").value(), 100u);
  BOOST_CHECK_EQUAL(models->items.size(), 101u);
  BOOST_CHECK_EQUAL(models->taken(100), 3.0f);
  BOOST_CHECK_EQUAL(weight(*models, 0, 100), 2.0f); // also from the readers before
  BOOST_CHECK_EQUAL(weight(*models, 1, 100), 1.0f);
  BOOST_CHECK_EQUAL(weight(*models, 100, 2), 1.0f);
  BOOST_CHECK_EQUAL(weight(*models, 1, 2), 0.5f);
}

BOOST_AUTO_TEST_CASE(one_eager_reader_is_one_reader) {
  auto all = learner();
  history items;
  for (int i = 0; i < 6; ++i) {
    items.insert(items.end(), {"i" + std::to_string(i), "new"});
    all.learn("a", items, 0);
  }
  BOOST_CHECK_EQUAL(all.adopted(), 0u);
  all.learn("b", history{"new"}, 0);
  BOOST_CHECK_EQUAL(all.adopted(), 0u);
  all.learn("c", history{"new"}, 0);
  BOOST_CHECK_EQUAL(all.adopted(), 1u);
}

BOOST_AUTO_TEST_CASE(adopts_nothing_if_told_so) {
  options.adopt_after = 0;
  auto all = learner();
  for (int user = 0; user < 10; ++user)
    all.learn(std::to_string(user), history{"i0", "new"}, 0);
  BOOST_CHECK_EQUAL(all.adopted() + all.candidates(), 0u);
}

BOOST_AUTO_TEST_CASE(adopts_no_blank_and_no_control_character) {
  options.adopt_after = 1;
  const history none{"", " ", "\t", "\n", "a\x01", std::string(1, '\0'), "\xC2\xA0"};
  auto all = learner();
  const auto first = all.learn("a", none, 0);
  BOOST_CHECK_EQUAL(all.adopted() + all.candidates(), 0u);
  BOOST_CHECK_EQUAL(first.items, none.size()); // of the history they are a part
  auto longer = none;
  longer.insert(longer.end(), {"null", " 0 "});
  BOOST_CHECK_EQUAL(all.learn("a", longer, 0).items, 2u);
  BOOST_CHECK_EQUAL(all.adopted(), 2u);
}

BOOST_AUTO_TEST_CASE(adopts_no_more_than_the_shelf_holds) {
  options.adopt_after = 1;
  options.most_adopted = 2;
  auto all = learner();
  BOOST_CHECK(!all.is_shelf_full());
  all.learn("a", history{"new", "newer", "newest", "i0"}, 0);
  BOOST_CHECK(all.is_shelf_full());
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(models->items.size(), 102u);
  BOOST_CHECK(!models->items.find("newest"));
  BOOST_CHECK_EQUAL(all.candidates(), 0u);
  BOOST_CHECK_EQUAL(weight(*models, 101, 0), 0.5f); // the adopted ones go on learning
}

BOOST_AUTO_TEST_CASE(forgets_items_that_wait_too_long) {
  options.most_candidates = 5;
  auto all = learner();
  for (int item = 0; item < 100; ++item)
    all.learn("a" + std::to_string(item), history{"new " + std::to_string(item)}, 0);
  BOOST_CHECK_EQUAL(all.candidates(), 5u);
}

BOOST_AUTO_TEST_CASE(of_a_very_long_history_the_newest_items_count) {
  history items(2'000, "i0");
  items.front() = "i1";
  items[1'990] = "i2";
  auto all = learner();
  all.learn("a", items, 0);
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(weight(*models, 1, 0), 0.0f);
  BOOST_CHECK_GT(weight(*models, 2, 0), 0.0f);
}

BOOST_AUTO_TEST_CASE(an_event_counts_half_after_a_half_life) {
  options.half_life = 10 * day;
  auto all = learner();
  all.learn("a", history{"i0", "i1"}, 0);
  all.learn("b", history{"i0", "i2"}, 10 * day);
  all.learn("c", history{"i0", "i3"}, 30 * day);
  const auto models = all.publish();
  BOOST_CHECK_CLOSE(weight(*models, 0, 2), 2 * weight(*models, 0, 1), 1e-3f);
  BOOST_CHECK_CLOSE(weight(*models, 0, 3), 8 * weight(*models, 0, 1), 1e-3f);
  BOOST_CHECK_CLOSE(models->taken(1), 2.0f / 8, 1e-3f); // once in the training, once since
  BOOST_CHECK_CLOSE(models->taken(3), 1.0f / 8 + 1, 1e-3f);
}

BOOST_AUTO_TEST_CASE(trained_transitions_fade_like_events_at_the_start) {
  options.half_life = day;
  shop.counts = {shop.counts.ends, {{1, 8.0f}}};
  for (std::size_t end = 1; end < shop.counts.ends.size(); ++end)
    shop.counts.ends[end] = 1;
  auto all = learner();
  all.learn("a", history{"i5", "i6"}, 0);
  transition_scratch work;
  for (const double now : {4 * day, 40 * day}) { // the second time after a rebase
    all.learn("b" + std::to_string(now), history{"i0", "i2"}, now);
    const auto models = all.publish();
    models->transitions->score(std::vector<std::uint32_t>{0}, work, &models->learned->transitions);
    BOOST_CHECK_CLOSE(work.scores[1], work.scores[2] * 8 * std::exp2f(static_cast<float>(-now / day)), 0.1f);
  }
}

BOOST_AUTO_TEST_CASE(the_order_stays_over_many_half_lives) {
  options.half_life = day;
  shop.rules = {0.5, 0, 1, 128};
  auto all = learner();
  transition_scratch work;
  std::vector<std::string> followers;
  for (std::uint32_t step = 0; step < 30;
       ++step) { // 3 half-lives apart, so that each counts 8 times the last
    all.learn("user " + std::to_string(step), history{"i0", "i" + std::to_string(step + 1)}, step * 3 * day);
    const auto models = all.publish();
    models->transitions->score(std::vector<std::uint32_t>{0}, work, &models->learned->transitions);
    for (std::uint32_t other = 1; other <= step; ++other) {
      BOOST_REQUIRE(std::isfinite(work.scores[other + 1]));
      BOOST_CHECK_CLOSE(work.scores[other + 1], 8 * work.scores[other], 1e-2f);
    }
    BOOST_CHECK_CLOSE(models->taken(step + 1), 1 + std::exp2f(-3.0f * static_cast<float>(step)), 1e-2f);
  }
}

BOOST_AUTO_TEST_CASE(a_pause_of_any_length_only_makes_the_old_worthless) {
  options.half_life = day;
  shop.scoring.popularity_exponent = 0.25;
  auto all = learner();
  all.learn("a", history{"i0", "i1"}, 0);
  all.learn("b", history{"i0", "i2"}, 20'000 * day); // as after a clock that was set
  const auto models = all.publish();
  transition_scratch work;
  models->transitions->score(std::vector<std::uint32_t>{0}, work, &models->learned->transitions);
  const auto best = transition_table::best({}, 10, work);
  BOOST_REQUIRE_EQUAL(best.size(), 1u);
  BOOST_CHECK_EQUAL(best[0].item, 2u);
  BOOST_CHECK(std::isfinite(best[0].score));
}

BOOST_AUTO_TEST_CASE(time_does_not_go_back) {
  options.half_life = day;
  auto all = learner();
  all.learn("a", history{"i0", "i1"}, 10 * day);
  all.learn("b", history{"i0", "i2"}, 0);
  const auto models = all.publish();
  BOOST_CHECK_EQUAL(weight(*models, 0, 1), weight(*models, 0, 2));
}

BOOST_AUTO_TEST_CASE(published_models_stay_as_they_were) {
  options.adopt_after = 1;
  auto all = learner();
  all.learn("a", history{"i0", "i1", "i50", "i51"}, 0);
  const auto old = all.publish();
  all.learn("b", history{"i0", "i1", "new"}, 0);
  const auto now = all.publish();
  BOOST_CHECK_EQUAL(weight(*old, 0, 1), 1.0f);
  BOOST_CHECK_EQUAL(old->items.size(), 100u);
  BOOST_CHECK_EQUAL(old->taken(0), 2.0f);
  BOOST_CHECK(old->adopted() == nullptr);
  BOOST_CHECK_EQUAL(weight(*now, 0, 1), 2.0f);
  BOOST_CHECK_EQUAL(now->taken(0), 3.0f);
  transition_scratch work; // shared by requests that began with different versions
  for (const auto& models : {now, old, now})
    for (const auto& next : {models, old}) {
      next->transitions->score(std::vector<std::uint32_t>{0}, work, &next->learned->transitions);
      BOOST_CHECK_EQUAL(work.scores.size(), next->items.size());
      BOOST_CHECK_EQUAL(work.scores[1], next == old ? 1.0f : 2.0f);
    }
}

BOOST_AUTO_TEST_CASE(published_models_share_what_did_not_change) {
  options.adopt_after = 1;
  auto all = learner();
  all.learn("a", history{"i50", "i51", "new"}, 0);
  const auto old = all.publish();
  all.learn("b", history{"i0", "i1"}, 0);
  const auto now = all.publish();
  const auto row = [](const model_set& models) { return models.learned->transitions.pages.after(50).data(); };
  BOOST_CHECK_EQUAL(row(*old), row(*now));
  BOOST_CHECK_EQUAL(old->adopted(), now->adopted());
  BOOST_CHECK_EQUAL(old->din_features, now->din_features);
  BOOST_CHECK_EQUAL(old->user_embeddings, now->user_embeddings);
  BOOST_CHECK_EQUAL(old->transitions, now->transitions);
  BOOST_CHECK_EQUAL(old->index, now->index); // an index that is built later serves both
}

BOOST_AUTO_TEST_CASE(says_whether_there_is_news) {
  auto all = learner();
  BOOST_CHECK(!all.has_news());
  all.learn("a", history{"i0"}, 0);
  BOOST_CHECK(all.has_news()); // taken once more
  all.publish();
  BOOST_CHECK(!all.has_news());
  all.learn("a", history{"i0", "i1"}, 0);
  BOOST_CHECK_EQUAL(all.waiting_gains(), 2u);
  all.publish();
  BOOST_CHECK_EQUAL(all.waiting_gains(), 0u);
  BOOST_CHECK(!all.has_news());
}

BOOST_AUTO_TEST_CASE(learners_that_saw_the_same_histories_have_the_same_digest) {
  auto one = learner(), other = learner();
  const auto empty = one.digest();
  one.learn("a", history{"i0", "new"}, 0);
  one.learn("a", history{"i0", "new", "i2"}, 1);
  one.learn("b", history{"new"}, 2);
  one.learn("c", history{"new"}, 3);
  BOOST_CHECK(one.digest() != empty);
  BOOST_CHECK(one.digest() != other.digest());
  other.learn("c", history{"new"}, 7); // in another order, and without the history in between
  other.learn("b", history{"new"}, 8);
  other.learn("a", history{"i0", "new", "i2"}, 9);
  BOOST_CHECK_EQUAL(one.digest(), other.digest());
  one.forget("b");
  BOOST_CHECK(one.digest() != other.digest());
  other.forget("b");
  BOOST_CHECK_EQUAL(one.digest(), other.digest());
}

BOOST_AUTO_TEST_SUITE_END()
