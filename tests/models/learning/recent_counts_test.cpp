#include "models/learning/state_file.hpp"
#include "tests/models/fixtures.hpp"
#include "tests/models/learning/small_models.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

/// How a learner goes on counting what is taken lately.
namespace {

using namespace winnow;
using namespace winnow::test;

using history = std::vector<std::string>;

struct recent_fixture {
  small_models shop{10};
  learning_options options;
  temporary_directory dir;

  model_set_ptr trained(bool counted = true) const {
    auto models = shop.make();
    models->version = "0123456789abcdef";
    if (counted) {
      models->recent_counts =
          std::make_shared<const std::vector<float>>(std::vector<float>{4, 2, 0, 0, 0, 0, 0, 0, 0, 1});
      models->recent_half_life = 3;
    }
    return models;
  }

  live_learner learner() const { return {trained(), options, user_marks(1'000)}; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(recent_counts, recent_fixture)

BOOST_AUTO_TEST_CASE(go_on_as_if_the_training_had_gone_on) {
  auto all = learner();
  fading_counts recount(3, *trained()->recent_counts);
  for (int user = 0; user < 200; ++user) { // more than 100 half-lives
    const history items{"i" + std::to_string(user % 7), "i" + std::to_string(user % 3)};
    all.learn("user " + std::to_string(user), items, 1e9 * user); // the time does not matter
    for (const auto item : {user % 7, user % 3}) {
      recount.advance();
      recount.add(static_cast<std::size_t>(item));
    }
    if (user % 20 != 0)
      continue;
    const auto models = all.publish();
    for (std::uint32_t item = 0; item < 10; ++item)
      BOOST_CHECK_SMALL(models->taken_recently(item) - recount.of(item), 1e-5f);
  }
}

BOOST_AUTO_TEST_CASE(of_adopted_items_begin_with_their_readers) {
  auto all = learner();
  for (const auto* user : {"a", "b", "c"})
    all.learn(user, history{"new"}, 0);
  const auto models = all.publish();
  BOOST_REQUIRE_EQUAL(models->items.size(), 11u);
  BOOST_CHECK_CLOSE(models->taken_recently(10), 1 + std::exp2(-1.0f / 3) + std::exp2(-2.0f / 3), 1e-3f);
  BOOST_CHECK_CLOSE(models->taken_recently(0), 2.0f, 1e-3f);
}

BOOST_AUTO_TEST_CASE(stay_as_they_were_trained_until_something_is_taken) {
  BOOST_CHECK_EQUAL(trained()->taken_recently(0), 4.0f);
  auto all = learner();
  all.learn("a", history{}, 1e9);
  BOOST_CHECK_EQUAL(all.publish()->taken_recently(0), 4.0f);
}

BOOST_AUTO_TEST_CASE(are_kept_over_a_restart) {
  const auto file = dir.path() / "learned";
  auto first = learner();
  for (const auto* user : {"a", "b", "c"})
    first.learn(user, history{"i1", "new", "i5"}, 0);
  BOOST_REQUIRE(write_state(file, first));
  auto second = learner();
  BOOST_REQUIRE(read_state(file, second));
  for (auto* one : {&first, &second})
    one->learn("d", history{"i1", "i2", "new"}, 1e6);
  const auto a = first.publish(), b = second.publish();
  for (std::uint32_t item = 0; item < 11; ++item)
    BOOST_CHECK_CLOSE(a->taken_recently(item), b->taken_recently(item), 1e-3f);
}

BOOST_AUTO_TEST_CASE(are_optional) {
  const auto file = dir.path() / "learned";
  live_learner without(trained(false), options, user_marks(100));
  without.learn("a", history{"i1", "i2"}, 0);
  BOOST_CHECK(!without.publish()->learned->recent);
  BOOST_REQUIRE(write_state(file, without));
  live_learner next(trained(false), options, user_marks(100));
  BOOST_CHECK(read_state(file, next));
  auto other = learner(); // same version, but it cannot continue a state without counts
  BOOST_CHECK(!read_state(file, other));
}

BOOST_AUTO_TEST_SUITE_END()
