#include "models/drift/histogram.hpp"
#include "models/online/drift_watch.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numeric>

namespace winnow {

namespace {

std::vector<float> numbers(int first, int last) {
  std::vector<float> all(static_cast<std::size_t>(last - first));
  std::iota(all.begin(), all.end(), static_cast<float>(first));
  return all;
}

std::vector<double> counts_of(const reference_histogram& reference, const std::vector<float>& values) {
  std::vector<double> counts(reference.shares.size(), 0);
  for (const auto value : values)
    counts[reference.bin_of(value)] += 1;
  return counts;
}

double index_of(const reference_histogram& reference, const std::vector<float>& values) {
  return stability_index(reference.shares, counts_of(reference, values));
}

/// Models that can be watched: without stage features, so that only scores are.
model_set models_of(const std::string& version) {
  model_set models;
  models.version = version;
  models.drift =
      std::make_shared<std::vector<reference_histogram>>(1, make_reference("score", numbers(0, 100)));
  return models;
}

user_context user_with(std::vector<std::uint32_t> history, bool known = true) {
  user_context user;
  if (known)
    user.user = 1;
  user.history = std::move(history);
  return user;
}

ranked_list scored(const std::vector<float>& scores) {
  ranked_list list;
  for (const auto score : scores)
    list.items.push_back({0, score});
  return list;
}

} // namespace

BOOST_AUTO_TEST_SUITE(drift)

BOOST_AUTO_TEST_CASE(bins_hold_a_tenth_each) {
  const auto reference = make_reference("score", numbers(0, 1000));
  BOOST_TEST(reference.bounds.size() == 9u);
  for (const auto share : reference.shares)
    BOOST_TEST(share == 0.1, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(reference.bin_of(-5) == 0u);
  BOOST_TEST(reference.bin_of(100) == 1u);
  BOOST_TEST(reference.bin_of(5000) == 9u);
}

BOOST_AUTO_TEST_CASE(values_that_occur_often_take_one_bin) {
  std::vector<float> values(70, 0.0f);
  values.resize(100, 3.0f);
  const auto reference = make_reference("x", values);
  BOOST_TEST(reference.bounds == std::vector<float>{3}, boost::test_tools::per_element());
  BOOST_TEST(reference.shares[0] == 0.7, boost::test_tools::tolerance(1e-9));
  const auto constant = make_reference("x", std::vector<float>(10, 2.0f));
  BOOST_TEST(constant.bounds.empty());
  BOOST_TEST(index_of(constant, {2, 2, 9}) == 0);
}

BOOST_AUTO_TEST_CASE(the_index_is_that_of_the_definition) {
  const std::vector<double> expected{0.5, 0.5}, counts{30, 10};
  const auto wanted = 0.25 * std::log(0.75 / 0.5) - 0.25 * std::log(0.25 / 0.5);
  BOOST_TEST(stability_index(expected, counts) == wanted, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(stability_index(expected, std::vector<double>{7, 7}) == 0);
  BOOST_TEST(stability_index(expected, std::vector<double>{0, 0}) == 0);
  BOOST_TEST(std::isfinite(stability_index(expected, std::vector<double>{1, 0})));
}

BOOST_AUTO_TEST_CASE(a_shift_shows_and_the_same_values_do_not) {
  const auto reference = make_reference("score", numbers(0, 1000));
  BOOST_TEST(index_of(reference, numbers(0, 1000)) < 1e-9);
  BOOST_TEST(index_of(reference, numbers(20, 1020)) < 0.1);
  BOOST_TEST(index_of(reference, numbers(400, 1400)) > 0.25);
}

BOOST_AUTO_TEST_CASE(counts_unknown_items_and_users) {
  drift_watch watch;
  const auto models = models_of("a");
  watch.observe(models, user_with({1, 2, unknown_item, 3}), nullptr, nullptr);
  watch.observe(models, user_with({unknown_item, unknown_item, 1, 1}, false), nullptr, nullptr);
  const auto report = watch.report();
  BOOST_TEST(report.lists == 2u);
  BOOST_TEST(report.unknown_items == 3.0 / 8);
  BOOST_TEST(report.unknown_users == 0.5);
  BOOST_TEST(report.has_reference);
  BOOST_TEST(report.indices.empty()); // two lists say nothing
}

BOOST_AUTO_TEST_CASE(compares_the_scores_of_enough_lists) {
  drift_watch watch;
  const auto models = models_of("a");
  const auto same = scored(numbers(0, 100)), other = scored(numbers(80, 100));
  for (std::uint64_t i = 0; i < drift_watch::least_lists; ++i)
    watch.observe(models, user_with({1}), nullptr, &same);
  BOOST_REQUIRE(watch.report().indices.size() == 1u);
  BOOST_TEST(watch.report().indices[0].first == "score");
  BOOST_TEST(watch.report().indices[0].second < 0.01);
  for (int i = 0; i < 5000; ++i)
    watch.observe(models, user_with({1}), nullptr, &other);
  BOOST_TEST(watch.report().indices[0].second > 1); // the old lists have faded
  watch.observe(models_of("b"), user_with({1}), nullptr, &same);
  BOOST_TEST(watch.report().lists == 1u); // with other models the counts start again
}

BOOST_AUTO_TEST_CASE(models_without_histograms_have_no_index) {
  drift_watch watch;
  auto models = models_of("a");
  models.drift = nullptr;
  const auto list = scored(numbers(0, 100));
  for (std::uint64_t i = 0; i < drift_watch::least_lists; ++i)
    watch.observe(models, user_with({unknown_item}), nullptr, &list);
  BOOST_TEST(watch.report().indices.empty());
  BOOST_TEST(!watch.report().has_reference);
  BOOST_TEST(watch.report().unknown_items == 1);
}

BOOST_AUTO_TEST_CASE(observes_at_most_twenty_lists_a_second) {
  drift_watch watch;
  const auto begin = drift_watch::clock::now();
  BOOST_TEST(watch.is_due(begin));
  BOOST_TEST(!watch.is_due(begin + std::chrono::milliseconds(49)));
  BOOST_TEST(watch.is_due(begin + std::chrono::milliseconds(50)));
  BOOST_TEST(!watch.is_due(begin + std::chrono::milliseconds(51)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
