#include "models/recall/shared_retrieval.hpp"

#include "scored_lists.hpp"

#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <random>
#include <thread>

using namespace winnow;

namespace {

constexpr std::size_t rows = 20'000, width = 24, users = 3, helpers = 2;

struct shop {
  shop() {
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    auto values = std::make_shared<feature_table>(feature_table{width, std::vector<float>(rows * width)});
    std::generate(values->values.own().begin(), values->values.own().end(), [&] { return normal(random); });
    table = embedding_table(std::move(values));
    std::generate(vectors.begin(), vectors.end(), [&] { return normal(random); });
    for (std::size_t q = 0; q < users; ++q)
      batch.push_back({{vectors.data() + q * width, width}, excluded, 100 + q});
  }

  embedding_table table;
  std::vector<float> vectors = std::vector<float>(users * width);
  std::vector<std::uint32_t> excluded{5, 17, 4000, 19'999};
  std::vector<retrieval_query> batch;
};

std::vector<std::vector<scored_item>> lists_of(gsl::span<const best_candidates> best) {
  std::vector<std::vector<scored_item>> lists;
  for (const auto& one : best)
    lists.push_back(one.found());
  return lists;
}

bool all_same(const std::vector<std::vector<scored_item>>& a,
              const std::vector<std::vector<scored_item>>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

/// Runs a retrieval with helper threads that are ready before it begins.
/// @return Whether any helper did work.
bool is_helped_with(const shop& of, const std::vector<std::vector<scored_item>>& expected) {
  shared_retrieval shared;
  std::atomic<std::size_t> ready{0}, helped{0};
  std::atomic<bool> is_over{false};
  std::vector<std::thread> crew;
  for (std::size_t i = 0; i < helpers; ++i)
    crew.emplace_back([&] {
      retrieval_scratch work;
      ++ready;
      while (!is_over)
        shared.assist(work);
      helped += work.sums.rows > 0 ? 1U : 0U;
    });
  while (ready < helpers)
    std::this_thread::yield();
  retrieval_scratch work;
  const auto lists = lists_of(retrieve(of.table, of.batch, work, &shared));
  is_over = true;
  for (auto& helper : crew)
    helper.join();
  BOOST_REQUIRE(all_same(lists, expected));
  return helped > 0;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(shared_retrieval_, shop)

BOOST_AUTO_TEST_CASE(gives_the_same_lists_with_and_without_helpers) {
  retrieval_scratch work;
  const auto expected = lists_of(retrieve(table, batch, work));
  bool helped = false;
  for (int round = 0; round < 20; ++round)
    helped = is_helped_with(*this, expected) || helped;
  for (int round = 0; round < 10'000 && !helped; ++round) // on a single processor
    helped = is_helped_with(*this, expected);
  BOOST_CHECK(helped);
}

BOOST_AUTO_TEST_CASE(helpers_that_are_too_early_or_too_late_return_at_once) {
  shared_retrieval shared;
  retrieval_scratch helper, leader;
  shared.assist(helper);
  const auto expected = lists_of(retrieve(table, batch, leader, &shared));
  shared.assist(helper);
  BOOST_CHECK_EQUAL(helper.sums.rows, 0);
  BOOST_CHECK(all_same(lists_of(retrieve(table, batch, leader)), expected));
  BOOST_CHECK(all_same(lists_of(retrieve(table, batch, leader, &shared)),
                       expected)); // a second retrieval does not reopen it
}

BOOST_AUTO_TEST_SUITE_END()
