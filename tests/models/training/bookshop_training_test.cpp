#include "models/training/interactions/interaction_reader.hpp"
#include "models/training/lightgcn_fit.hpp"
#include "models/training/measured_lists.hpp"
#include "tests/models/training/files.hpp"
#include "tools/winnow-bookshop/bookshop.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <numeric>

namespace winnow {

namespace {

/// LightGCN trained on all but the last two purchases of each reader of the default shop.
struct trained_shop {
  trained_shop() {
    const test::temp_dir dir;
    BOOST_REQUIRE(write_bookshop(shop, dir.path()));
    row_report report;
    split = leave_one_out(
        test::need(read_interactions(std::filesystem::path(dir.path()) / "interactions.csv", {}, report)));
    lightgcn_options options;
    options.width = 32;
    options.learning_rate = 0.01;
    lightgcn_trainer trainer(split.train, split.items.size(), options, team);
    for (int epoch = 0; epoch < 20; ++epoch)
      trainer.run_epoch();
    embeddings = trainer.propagated();
  }

  /// Recall of the last purchases among all books that the reader had not bought before.
  double recall_at_20(const embedding_rows& rows) {
    return measure_lists(rows, split.test, {&split.train, &split.valid}, 20, team).recall;
  }

  /// Embeddings whose inner product counts the purchases of the book.
  embedding_rows popularity() const {
    embedding_rows rows(split.users.size() + split.items.size(), 1);
    for (std::size_t user = 0; user < split.users.size(); ++user) {
      rows.row(user)[0] = 1;
      for (const auto item : split.train.of(user))
        rows.row(split.users.size() + item)[0] += 1;
    }
    return rows;
  }

  /// A reader's highest-scored books, bought or not.
  std::vector<std::uint32_t> best(std::size_t user, std::size_t count) const {
    std::vector<float> scores(split.items.size());
    for (std::size_t item = 0; item < scores.size(); ++item) {
      const float* row = embeddings.row(split.users.size() + item);
      scores[item] = std::inner_product(row, row + embeddings.width(), embeddings.row(user), 0.0f);
    }
    std::vector<std::uint32_t> items(scores.size());
    std::iota(items.begin(), items.end(), 0U);
    std::partial_sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(count), items.end(),
                      [&](auto a, auto b) { return scores[a] > scores[b]; });
    items.resize(count);
    return items;
  }

  bookshop shop = make_bookshop({});
  interaction_split split;
  thread_team team{2};
  embedding_rows embeddings;
};

trained_shop& trained() {
  static trained_shop once;
  return once;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bookshop_training)

BOOST_AUTO_TEST_CASE(lightgcn_finds_the_planted_tastes) {
  const double learned = trained().recall_at_20(trained().embeddings);
  const double popular = trained().recall_at_20(trained().popularity());
  BOOST_TEST_MESSAGE("recall@20: LightGCN " << learned << ", popularity " << popular);
  BOOST_TEST(popular > 0.02);
  BOOST_TEST(learned > 3 * popular);
}

BOOST_AUTO_TEST_CASE(readers_of_a_genre_get_that_genre) {
  const auto& [shop, split, team, embeddings] = trained();
  std::map<std::string, std::uint32_t> genre_of;
  for (const auto& book : shop.books)
    genre_of[book.id] = book.genre;
  std::size_t loved = 0;
  std::size_t listed = 0;
  for (const auto& reader : shop.readers) {
    const auto user = split.users.find(reader.id);
    if (reader.genre != reader.later_genre || !user)
      continue;
    for (const auto item : trained().best(*user, 20)) {
      loved += genre_of.at(std::string(split.items[item])) == reader.genre ? 1 : 0;
      ++listed;
    }
  }
  const double share = static_cast<double>(loved) / static_cast<double>(listed);
  BOOST_TEST_MESSAGE("share of the loved genre: " << share);
  BOOST_TEST(share > 0.7);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
