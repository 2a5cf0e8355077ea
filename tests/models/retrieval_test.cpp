#include "models/retrieval.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

namespace {

using namespace winnow;

panel_table table_of(std::size_t rows, std::size_t width, std::mt19937& random) {
  std::normal_distribution<float> normal;
  panel_table table(width);
  std::vector<float> row(width);
  for (std::size_t i = 0; i < rows; ++i) {
    std::generate(row.begin(), row.end(), [&] { return normal(random); });
    table.append(row);
  }
  return table;
}

float score(const panel_table& table, std::size_t row, gsl::span<const float> user) {
  std::vector<float> values(table.width(), 0);
  table.add_row(row, values);
  double sum = 0;
  for (std::size_t k = 0; k < values.size(); ++k)
    sum += static_cast<double>(values[k]) * user[k];
  return static_cast<float>(sum);
}

} // namespace

BOOST_AUTO_TEST_SUITE(retrieval_)

BOOST_AUTO_TEST_CASE(finds_what_a_full_sort_finds) {
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  for (const std::size_t rows : {1, 15, 16, 17, 1023, 1024, 1025, 5000}) {
    const auto table = table_of(rows, 24, random);
    std::vector<float> users(9 * 24);
    std::generate(users.begin(), users.end(), [&] { return normal(random); });
    const std::vector<std::uint32_t> excluded = {0, 3, 500, 4999};
    std::vector<retrieval_query> batch;
    for (std::size_t q = 0; q < 9; ++q)
      batch.push_back({{users.data() + q * 24, 24}, excluded, 40 + q});
    retrieval_scratch work;
    const auto best = retrieve(table, batch, work);
    for (std::size_t q = 0; q < 9; ++q) {
      std::vector<scored_item> all;
      for (std::uint32_t item = 0; item < rows; ++item)
        if (!std::binary_search(excluded.begin(), excluded.end(), item))
          all.push_back({item, score(table, item, batch[q].user)});
      std::sort(all.begin(), all.end(), ranks_before);
      all.resize(std::min(all.size(), batch[q].count));
      const auto& found = best[q].sorted();
      BOOST_REQUIRE_EQUAL(found.size(), all.size());
      for (std::size_t i = 0; i < found.size(); ++i) {
        BOOST_CHECK_EQUAL(found[i].item, all[i].item);
        BOOST_CHECK_SMALL(found[i].score - all[i].score, 1e-3f);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(equal_scores_go_by_index) {
  panel_table table(2);
  const std::vector<float> same{1, 1};
  for (int i = 0; i < 3000; ++i)
    table.append(same);
  const std::vector<std::uint32_t> excluded{1, 2};
  const std::vector<retrieval_query> batch{{same, excluded, 100}};
  retrieval_scratch work;
  const auto found = retrieve(table, batch, work)[0].sorted();
  BOOST_REQUIRE_EQUAL(found.size(), 100);
  BOOST_CHECK_EQUAL(found[0].item, 0);
  for (std::uint32_t i = 1; i < 100; ++i)
    BOOST_CHECK_EQUAL(found[i].item, i + 2);
}

BOOST_AUTO_TEST_CASE(a_history_that_covers_the_catalogue_leaves_nothing) {
  std::mt19937 random(6);
  const auto table = table_of(40, 8, random);
  std::vector<std::uint32_t> all(40);
  for (std::uint32_t i = 0; i < 40; ++i)
    all[i] = i;
  const std::vector<float> user(8, 1);
  const std::vector<retrieval_query> batch{{user, all, 10}};
  retrieval_scratch work;
  BOOST_CHECK(retrieve(table, batch, work)[0].sorted().empty());
}

BOOST_AUTO_TEST_SUITE_END()
