#include "models/recall/approximate_index.hpp"
#include "models/training/interactions/interaction_reader.hpp"
#include "models/training/lightgcn_trainer.hpp"
#include "support/files.hpp"
#include "support/shared_data.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace winnow {

namespace {

/// Values of `count` rows of a trainer's output from `first` on, without padding.
std::vector<float> values_of(const embedding_rows& all, std::size_t first, std::size_t count) {
  std::vector<float> values;
  for (std::size_t row = first; row < first + count; ++row)
    values.insert(values.end(), all.row(row), all.row(row) + all.width());
  return values;
}

} // namespace

BOOST_AUTO_TEST_SUITE(learned_index)

BOOST_AUTO_TEST_CASE(finds_98_percent_in_embeddings_learned_from_shared_data,
                     *boost::unit_test::precondition(test::has_shared_data)) {
  row_report report;
  const auto split = test::need(read_split(*test::shared_data() / "lastfm", {}, report));
  thread_team team(1);
  lightgcn_trainer trainer(split.train, split.items.size(), {}, team);
  for (int epoch = 0; epoch < 20; ++epoch) // about as many as validation chooses
    trainer.run_epoch();
  const auto learned = trainer.propagated();
  const std::size_t users = split.users.size();
  const embedding_table items(std::make_shared<const feature_table>(
      feature_table{learned.width(), values_of(learned, users, split.items.size())}));

  const std::atomic<bool> go_on{false};
  const auto clusters = cluster_rows(*items.table(), cluster_count_for(items.rows()), go_on);
  const auto index = approximate_index::build(items, *clusters, go_on);
  std::size_t found = 0, wanted = 0;
  index_scratch work;
  retrieval_scratch exact_work;
  for (std::size_t user = 0; user < users; ++user) {
    const retrieval_query query{{learned.row(user), learned.width()}, {}, 100};
    const auto approximate = index->search(items, {&query, 1}, 2.5, work);
    const auto exact = retrieve(items, {&query, 1}, exact_work);
    const auto& list = approximate[0].found();
    for (const auto& entry : exact[0].found()) {
      ++wanted;
      found += std::any_of(list.begin(), list.end(),
                           [&](const scored_item& other) { return other.item == entry.item; });
    }
  }
  BOOST_TEST(static_cast<double>(found) >= 0.98 * static_cast<double>(wanted));
  const auto rows = static_cast<double>(work.rows_read) / static_cast<double>(users * items.rows());
  BOOST_TEST_MESSAGE("recall " << static_cast<double>(found) / static_cast<double>(wanted)
                               << ", share of rows " << rows);
  // The first search alone reads a fifth of such a small catalogue. Where a processor multiplies bytes of 7
  // bits, bounds are wider: with AVX2, the share is 0.60.
  BOOST_TEST(rows < 0.7);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
