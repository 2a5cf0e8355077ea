#include "models/training/singular_vectors.hpp"

#include "models/training/support/random.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

namespace winnow {

namespace {

using matrix = std::vector<std::vector<double>>;

constexpr std::size_t users = 50, items = 40;

interaction_graph graph_of(const matrix& taken) {
  std::vector<interaction> pairs;
  for (std::uint32_t user = 0; user < taken.size(); ++user)
    for (std::uint32_t item = 0; item < taken[user].size(); ++item)
      if (taken[user][item] > 0)
        pairs.push_back({user, item, 0});
  return build_graph(item_lists::group(taken.size(), pairs), taken.size(), taken.front().size());
}

/// A fifth of all pairs; user 7 and item 11 have none.
matrix random_pairs() {
  random_source random(1);
  matrix taken(users, std::vector<double>(items, 0));
  for (std::size_t user = 0; user < users; ++user)
    for (std::size_t item = 0; item < items; ++item)
      taken[user][item] = user != 7 && item != 11 && random.below(5) == 0 ? 1 : 0;
  return taken;
}

matrix normalised(matrix taken) {
  std::vector<double> of_user(taken.size(), 0), of_item(taken.front().size(), 0);
  for (std::size_t user = 0; user < taken.size(); ++user)
    for (std::size_t item = 0; item < of_item.size(); ++item) {
      of_user[user] += taken[user][item];
      of_item[item] += taken[user][item];
    }
  for (std::size_t user = 0; user < taken.size(); ++user)
    for (std::size_t item = 0; item < of_item.size(); ++item)
      if (taken[user][item] > 0)
        taken[user][item] /= std::sqrt(of_user[user] * of_item[item]);
  return taken;
}

/// All singular values, descending: the lengths of the columns after Hestenes' rotations made them
/// orthogonal.
std::vector<double> singular_values(matrix a) {
  const auto columns = a.front().size();
  const auto product = [&](std::size_t i, std::size_t j) {
    double sum = 0;
    for (const auto& row : a)
      sum += row[i] * row[j];
    return sum;
  };
  for (int sweep = 0; sweep < 30; ++sweep)
    for (std::size_t i = 0; i < columns; ++i)
      for (std::size_t j = i + 1; j < columns; ++j) {
        const double angle = 0.5 * std::atan2(2 * product(i, j), product(i, i) - product(j, j));
        for (auto& row : a) {
          const double left = row[i], right = row[j];
          row[i] = std::cos(angle) * left + std::sin(angle) * right;
          row[j] = std::cos(angle) * right - std::sin(angle) * left;
        }
      }
  std::vector<double> values;
  for (std::size_t k = 0; k < columns; ++k)
    values.push_back(std::sqrt(product(k, k)));
  std::sort(values.rbegin(), values.rend());
  return values;
}

double column_product(const singular_vectors& found, std::size_t first, std::size_t last, std::size_t i,
                      std::size_t j) {
  double sum = 0;
  for (auto node = first; node < last; ++node)
    sum += static_cast<double>(found.rows.row(node)[i]) * static_cast<double>(found.rows.row(node)[j]);
  return sum;
}

} // namespace

BOOST_AUTO_TEST_SUITE(singular_vectors_suite)

BOOST_AUTO_TEST_CASE(matches_a_dense_decomposition) {
  constexpr std::size_t count = 10;
  const auto taken = random_pairs();
  thread_team team(2);
  const auto found = largest_singular_vectors(graph_of(taken), count, 3, team);
  const auto dense = normalised(taken);
  const auto wanted = singular_values(dense);
  BOOST_REQUIRE_EQUAL(found.values.size(), count);
  BOOST_CHECK_SMALL(found.values[0] - 1, 1e-5);
  for (std::size_t k = 0; k < count; ++k) {
    BOOST_CHECK_SMALL(found.values[k] - wanted[k], 2e-3);
    for (std::size_t j = 0; j < count; ++j) {
      BOOST_CHECK_SMALL(column_product(found, 0, users, k, j) - (k == j ? 1 : 0), 1e-4);
      BOOST_CHECK_SMALL(column_product(found, users, users + items, k, j) - (k == j ? 1 : 0), 1e-4);
    }
    for (std::size_t user = 0; user < users; ++user) { // the matrix times the right vector
      double sum = 0;
      for (std::size_t item = 0; item < items; ++item)
        sum += dense[user][item] * static_cast<double>(found.rows.row(users + item)[k]);
      BOOST_CHECK_SMALL(sum - found.values[k] * static_cast<double>(found.rows.row(user)[k]), 1e-4);
    }
  }
}

BOOST_AUTO_TEST_CASE(columns_beyond_the_rank_are_zero) {
  // Two groups of users and items that are taken all by all: the values are 1, 1 and zeros.
  matrix taken(12, std::vector<double>(9, 0));
  for (std::size_t user = 0; user < 12; ++user)
    for (std::size_t item = 0; item < 9; ++item)
      taken[user][item] = user / 6 == item / 5 ? 1 : 0;
  thread_team team(2);
  const auto found = largest_singular_vectors(graph_of(taken), 20, 3, team);
  BOOST_CHECK_SMALL(found.values[0] - 1, 1e-5);
  BOOST_CHECK_SMALL(found.values[1] - 1, 1e-5);
  for (std::size_t k = 2; k < 20; ++k) {
    BOOST_CHECK_SMALL(found.values[k], 1e-4);
    for (std::size_t node = 0; node < 21; ++node)
      BOOST_CHECK(std::isfinite(found.rows.row(node)[k]));
  }
}

BOOST_AUTO_TEST_CASE(without_interactions_everything_is_zero) {
  thread_team team(1);
  const auto found = largest_singular_vectors(graph_of(matrix(4, std::vector<double>(3, 0))), 5, 3, team);
  BOOST_CHECK_EQUAL(*std::max_element(found.values.begin(), found.values.end()), 0);
  for (const auto value : found.rows.values())
    BOOST_CHECK_EQUAL(value, 0);
}

BOOST_AUTO_TEST_CASE(any_number_of_threads_gives_the_same_bits) {
  const auto graph = graph_of(random_pairs());
  const auto found = [&](std::size_t threads) {
    thread_team team(threads);
    return largest_singular_vectors(graph, 10, 3, team).rows.values();
  };
  const auto alone = found(1);
  BOOST_CHECK(found(2) == alone);
  BOOST_CHECK(found(3) == alone);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
