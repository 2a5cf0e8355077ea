#define BOOST_TEST_MODULE stage_allocations
#include "models/cascade.hpp"
#include "models/model_files.hpp"
#include "tests/models/allocations/counted_new.hpp"
#include "tests/models/stage_directory.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

/// What the stages of the cascade allocate. Millions of lists a day pass through them, so all that they work
/// with is in `cascade_scratch`, which grows in the first batches.
namespace {

using namespace winnow;

/// A shop, and some of its readers.
struct shop_with_readers {
  test::stage_directory directory;
  model_set_ptr models = directory.load();
  std::vector<user_context> readers;
  std::vector<const user_context*> batch;
  cascade_scratch work;

  shop_with_readers() {
    constexpr std::uint32_t most = 8;
    for (std::uint32_t at = 0; at < most; ++at) {
      std::vector<std::string> history;
      for (std::uint32_t item = at; item < at + 5; ++item)
        history.emplace_back(models->items[item]);
      readers.push_back(resolve_user(*models, std::string((*models->users)[at]), history));
    }
    let_in(most);
  }

  /// Makes the first `count` readers the batch.
  void let_in(std::size_t count) {
    batch.clear();
    for (std::size_t at = 0; at < count; ++at)
      batch.push_back(&readers[at]);
  }

  std::vector<ranked_list> candidates() {
    return generate_candidates(*models, batch, models->widths.candidates, work);
  }

  /// How often a stage allocates for each further list of a batch, once its buffers have grown. @param stage
  /// Takes the candidates, and returns the lists.
  template<class Stage>
  double allocations_per_list(Stage stage) {
    const auto of_batch = [&](std::size_t size) {
      let_in(size);
      const auto found = candidates();
      for (int warm_up = 0; warm_up < 3; ++warm_up)
        stage(found);
      const auto before = test::allocations();
      const auto lists = stage(found);
      return static_cast<double>(test::allocations() - before);
    };
    return (of_batch(8) - of_batch(4)) / 4;
  }
};

std::vector<ranking_task> tasks_of(const shop_with_readers& shop, const std::vector<ranked_list>& lists) {
  std::vector<ranking_task> tasks;
  tasks.reserve(lists.size());
  for (std::size_t at = 0; at < lists.size(); ++at)
    tasks.push_back({shop.batch[at], &lists[at]});
  return tasks;
}

BOOST_FIXTURE_TEST_SUITE(stage_allocations, shop_with_readers)

BOOST_AUTO_TEST_CASE(allocations_are_counted) {
  const auto before = test::allocations();
  const std::vector<int> three(3);
  BOOST_TEST(test::allocations() == before + 1);
}

// A list is a vector of items, and one of evidence if a stage feature wants to know where they came from.
constexpr double of_a_list = 2;

BOOST_AUTO_TEST_CASE(candidate_generation_allocates_its_lists) {
  BOOST_TEST(allocations_per_list([this](const auto&) { return candidates(); }) == of_a_list);
}

BOOST_AUTO_TEST_CASE(din_allocates_its_lists) {
  BOOST_TEST(allocations_per_list([this](const auto& found) {
               return rank_by_din(*models, tasks_of(*this, found), models->widths.din_keep, work);
             }) == of_a_list);
}

BOOST_AUTO_TEST_CASE(ranknet_allocates_its_lists) {
  BOOST_TEST(allocations_per_list([this](const auto& found) {
               return rank_by_ranknet(*models, tasks_of(*this, found), models->widths.ranknet_keep, work);
             }) == of_a_list);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
