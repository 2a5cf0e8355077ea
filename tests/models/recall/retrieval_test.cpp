#include "models/kernels/recall_kernels.hpp"
#include "models/recall/retrieval.hpp"
#include "scored_lists.hpp"
#include "tests/models/kernels/instruction_sets.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

namespace {

using namespace winnow;

using random_source = std::mt19937;
using number = std::function<float(random_source&)>;

float normal(random_source& random) {
  return std::normal_distribution<float>()(random);
}

/// A kind of embeddings. `row` fills the row with a given index.
struct table_kind {
  const char* name;
  std::function<void(std::size_t, gsl::span<float>, random_source&)> row;
};

table_kind each(const char* name, const number& value) {
  return {name, [value](std::size_t, gsl::span<float> row, random_source& random) {
            std::generate(row.begin(), row.end(), [&] { return value(random); });
          }};
}

/// Normal embeddings, each row multiplied by a power of ten from 10^`low` to 10^`high`.
table_kind scaled(const char* name, int low, int high) {
  return {name, [=](std::size_t, gsl::span<float> row, random_source& random) {
            const float factor =
                std::pow(10.0f, static_cast<float>(std::uniform_int_distribution<>(low, high)(random)));
            std::generate(row.begin(), row.end(), [&] { return normal(random) * factor; });
          }};
}

std::vector<table_kind> kinds() {
  return {
      each("normal", normal),
      {"clustered",
       [](std::size_t at, gsl::span<float> row, random_source& random) {
         random_source of_cluster(static_cast<unsigned>(at % 7));
         for (auto& value : row)
           value = normal(of_cluster) + normal(random) * 0.05f;
       }},
      scaled("norms of any size", -15, 15),
      scaled("products beyond a float", 10, 37),
      scaled("products below a float", -38, -15),
      {"equal", [](std::size_t at, gsl::span<float> row,
                   random_source&) { std::fill(row.begin(), row.end(), static_cast<float>(at % 3)); }},
      each("zeros", [](random_source&) { return 0.0f; }),
      each("mostly zeros", [](random_source& random) { return random() % 16 == 0 ? normal(random) : 0.0f; }),
      {"one giant column",
       [](std::size_t at, gsl::span<float> row, random_source& random) {
         std::generate(row.begin(), row.end(), [&] { return normal(random); });
         row[0] = at % 2 == 0 ? 1e6f : -1e6f;
       }},
      each("denormal", [](random_source& random) { return normal(random) * 1e-41f; }),
      each("two values", [](random_source& random) { return random() % 2 == 0 ? 1.0f : -1.0f; }),
      {"not finite",
       [](std::size_t at, gsl::span<float> row, random_source& random) {
         std::generate(row.begin(), row.end(), [&] { return normal(random); });
         if (at % 50 == 7)
           row[row.size() / 2] = at % 100 == 7 ? std::numeric_limits<float>::quiet_NaN()
                                               : std::numeric_limits<float>::infinity();
       }},
  };
}

embedding_table table_of(std::size_t rows, std::size_t width, const table_kind& kind, random_source& random) {
  auto table = std::make_shared<feature_table>(feature_table{width, std::vector<float>(rows * width)});
  for (std::size_t i = 0; i < rows; ++i)
    kind.row(i, {table->values.own().data() + i * width, width}, random);
  return embedding_table(std::move(table));
}

/// Returns the exact scores of all items.
std::vector<float> plain_scores(const embedding_table& table, gsl::span<const float> user) {
  std::vector<float> scores(table.rows());
  std::vector<const float*> rows;
  for (std::uint32_t item = 0; item < scores.size(); ++item)
    rows.push_back(table.row(item).data());
  kernels::multiply_rows(user.data(), table.width(), rows.data(), rows.size(), scores.data());
  return scores;
}

std::vector<scored_item> plain_list(const embedding_table& table, const retrieval_query& query) {
  const auto scores = plain_scores(table, query.user);
  std::vector<scored_item> all;
  for (std::uint32_t item = 0; item < scores.size(); ++item)
    if (scores[item] > -std::numeric_limits<float>::infinity() &&
        !std::binary_search(query.excluded.begin(), query.excluded.end(), item))
      all.push_back({item, scores[item]});
  std::sort(all.begin(), all.end(), ranks_before);
  all.resize(std::min(all.size(), query.count));
  return all;
}

/// Compares retrieval with the plain lists of `most` users, in batches of each size up to `most`.
void check(const embedding_table& table, std::size_t most, const table_kind& users, std::size_t count,
           random_source& random, const std::string& what) {
  const std::size_t width = table.width();
  std::vector<float> vectors(most * width);
  for (std::size_t q = 0; q < most; ++q)
    users.row(q, {vectors.data() + q * width, width}, random);
  const std::vector<std::uint32_t> excluded = {0, 3, 16, 500, 1024, 4999};
  std::vector<retrieval_query> all;
  std::vector<std::vector<scored_item>> expected;
  for (std::size_t q = 0; q < most; ++q) {
    all.push_back({{vectors.data() + q * width, width}, excluded, count + q});
    expected.push_back(plain_list(table, all.back()));
  }
  retrieval_scratch work;
  for (std::size_t size = 1; size <= most; ++size) {
    const auto best = retrieve(table, {all.data() + (most - size), size}, work);
    for (std::size_t q = 0; q < size; ++q)
      BOOST_TEST_REQUIRE(same(best[q].found(), expected[most - size + q]),
                         what << ": user " << q << " of " << size);
  }
}

/// A query and its sums with all rows of a table.
struct screened {
  screened(const embedding_table& table, gsl::span<const float> user) {
    queries.reset(table.screen(), 1);
    queries.append(user);
    sums.resize(1, (table.rows() + kernels::block_rows - 1) / kernels::block_rows);
    sums.compute(table.screen(), queries.all(), 0, table.rows());
  }
  const kernels::screen_query& query() const { return queries.all()[0]; }

  screened_queries queries;
  screened_sums sums;
};

} // namespace

BOOST_AUTO_TEST_SUITE(retrieval_)

BOOST_AUTO_TEST_CASE(equals_plain_scoring_bit_for_bit) {
  with_each_instruction_set([](const std::string& target) {
    random_source random(5);
    for (const auto& items : kinds())
      for (const std::size_t width : {1, 3, 24, 128, 131}) {
        const auto table = table_of(2100, width, items, random);
        for (const auto& users : kinds())
          check(table, 4, users, 40, random,
                target + ": items " + items.name + ", users " + users.name + ", width " +
                    std::to_string(width));
      }
  });
}

BOOST_AUTO_TEST_CASE(equals_plain_scoring_for_tables_and_batches_of_any_size) {
  random_source random(6);
  const auto any = kinds().front();
  for (const std::size_t rows : {0, 1, 15, 16, 17, 1023, 1024, 1025, 5000})
    for (const std::size_t count : {0, 1, 100, 6000})
      check(table_of(rows, 64, any, random), 17, any, count, random,
            std::to_string(rows) + " rows, best " + std::to_string(count));
}

BOOST_AUTO_TEST_CASE(bounds_hold_for_all_rows) {
  with_each_instruction_set([](const std::string& target) {
    random_source random(7);
    for (const auto& items : kinds())
      for (const auto& users : kinds()) {
        const auto table = table_of(300, 200, items, random);
        std::vector<float> user(200);
        users.row(0, user, random);
        const screened screened(table, user);
        const auto scores = plain_scores(table, user);
        for (std::size_t i = 0; i < scores.size(); ++i) {
          const auto position = table.position(static_cast<std::uint32_t>(i));
          const float error = table.screen().error(position, screened.query());
          const float estimate =
              table.screen().estimate(position, screened.query(), screened.sums.sums[position]);
          const auto what = target + ": " + items.name + ", " + users.name + ": " + std::to_string(scores[i]);
          BOOST_TEST_REQUIRE((!(scores[i] > estimate + error) && !(scores[i] < estimate - error)),
                             what << " is not within " << error << " of " << estimate);
          BOOST_TEST_REQUIRE(!(scores[i] > table.screen().greatest_product(position / kernels::block_rows,
                                                                           screened.query())),
                             what << " is above the block's greatest product");
        }
      }
  });
}

BOOST_AUTO_TEST_CASE(leads_and_bars_hold_for_all_blocks) {
  random_source random(10);
  for (const auto& items : kinds())
    for (const auto& users : kinds()) {
      constexpr std::size_t blocks = 2, rows = blocks * kernels::block_rows;
      const auto table = table_of(rows, 130, items, random);
      std::vector<float> user(130);
      users.row(0, user, random);
      const screened screened(table, user);
      const auto scores = plain_scores(table, user);
      const auto what = std::string(items.name) + ", " + users.name;
      std::vector<float> lower(rows / kernels::block_tiles);
      table.screen().bound_leads(screened.query(), 0, {screened.sums.leads.data(), lower.size()},
                                 lower.data());
      for (std::size_t lead = 0; lead < lower.size(); ++lead) {
        float best = -std::numeric_limits<float>::infinity();
        for (std::size_t tile = 0; tile < kernels::block_tiles; ++tile) {
          const std::size_t position = lead / 16 * kernels::block_rows + tile * 16 + lead % 16;
          const float score = scores[table.item_at(position)];
          best = std::isnan(score) ? std::numeric_limits<float>::infinity() : std::max(best, score);
        }
        BOOST_TEST_REQUIRE(!(lower[lead] > best), what << ": lead " << lower[lead] << " of " << best);
      }
      for (std::size_t i = 0; i < rows; ++i) {
        std::vector<std::int16_t> bars(blocks);
        table.screen().set_bars(screened.query(), 0, scores[i], bars);
        const auto position = table.position(static_cast<std::uint32_t>(i));
        BOOST_TEST_REQUIRE(screened.sums.sums[position] >= bars[position / kernels::block_rows],
                           what << ": a row that scores " << scores[i] << " does not reach the bar for it");
      }
    }
}

BOOST_AUTO_TEST_CASE(few_rows_pass_the_screen) {
  random_source random(8);
  const auto any = kinds().front();
  const auto table = table_of(5000, 128, any, random);
  std::vector<float> user(128);
  any.row(0, user, random);
  const screened screened(table, user);
  auto scores = plain_scores(table, user);
  std::nth_element(scores.begin(), scores.begin() + 99, scores.end(), std::greater<>());
  std::vector<std::int16_t> bars((5000 + kernels::block_rows - 1) / kernels::block_rows);
  table.screen().set_bars(screened.query(), 0, scores[99], bars);
  std::vector<std::uint32_t> positions(bars.size() * kernels::block_rows);
  // With loose bounds, recall would be correct, but slow.
  positions.resize(kernels::positions_reaching(screened.sums.sums.data(), screened.sums.leads.data(),
                                               bars.data(), bars.size(), positions.data()));
  BOOST_CHECK_LT(positions.size(), 300);
  std::vector<std::uint32_t> expected;
  for (std::uint32_t i = 0; i < bars.size() * kernels::block_rows; ++i)
    if (screened.sums.sums[i] >= bars[i / kernels::block_rows])
      expected.push_back(i);
  std::sort(positions.begin(), positions.end());
  BOOST_CHECK_EQUAL_COLLECTIONS(positions.begin(), positions.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_CASE(equal_scores_are_ordered_by_index) {
  const auto table = std::make_shared<feature_table>(feature_table{2, std::vector<float>(6000, 1)});
  const std::vector<float> same_as_all{1, 1};
  const std::vector<std::uint32_t> excluded{1, 2};
  const std::vector<retrieval_query> batch{{same_as_all, excluded, 100}};
  retrieval_scratch work;
  const auto found = retrieve(embedding_table(table), batch, work)[0].found();
  BOOST_REQUIRE_EQUAL(found.size(), 100);
  BOOST_CHECK_EQUAL(found[0].item, 0);
  for (std::uint32_t i = 1; i < 100; ++i)
    BOOST_CHECK_EQUAL(found[i].item, i + 2);
}

BOOST_AUTO_TEST_CASE(is_empty_if_all_items_are_excluded) {
  random_source random(9);
  const auto table = table_of(40, 8, kinds().front(), random);
  std::vector<std::uint32_t> all(40);
  for (std::uint32_t i = 0; i < 40; ++i)
    all[i] = i;
  const std::vector<float> user(8, 1);
  const std::vector<retrieval_query> batch{{user, all, 10}};
  retrieval_scratch work;
  BOOST_CHECK(retrieve(table, batch, work)[0].found().empty());
}

BOOST_AUTO_TEST_SUITE_END()
