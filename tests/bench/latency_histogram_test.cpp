#include "tools/winnow-bench/latency_histogram.hpp"

#include <boost/test/unit_test.hpp>

using winnow::bench::latency_histogram;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(latency_histogram_)

BOOST_AUTO_TEST_CASE(rounds_each_percentile_up_by_at_most_one_percent) {
  for (const std::int64_t unit : {1LL, 1000LL, 1'000'000LL, 300'000'000LL}) {
    latency_histogram measured;
    for (std::int64_t i = 1; i <= 10'000; ++i)
      measured.add(latency_histogram::duration(i * unit));
    for (const double percent : {0.1, 1.0, 50.0, 95.0, 99.0, 99.9, 100.0}) {
      const double exact = percent * 100 * static_cast<double>(unit);
      const auto reported = static_cast<double>(measured.percentile(percent).count());
      BOOST_CHECK_GE(reported, exact);
      BOOST_CHECK_LE(reported, exact * 1.01);
    }
  }
}

BOOST_AUTO_TEST_CASE(returns_the_maximum_exactly) {
  latency_histogram measured;
  measured.add(123'456'789ns);
  measured.add(1ns);
  BOOST_CHECK(measured.max() == 123'456'789ns);
  BOOST_CHECK(measured.percentile(100) == 123'456'789ns);
}

BOOST_AUTO_TEST_CASE(merging_equals_adding_all_values_to_one_histogram) {
  latency_histogram one, other, both;
  for (int i = 0; i < 1000; ++i) {
    const latency_histogram::duration value(i * i * 1000);
    (i % 3 == 0 ? one : other).add(value);
    both.add(value);
  }
  one.merge(other);
  BOOST_CHECK_EQUAL(one.count(), both.count());
  for (const double percent : {1.0, 25.0, 50.0, 99.0, 100.0})
    BOOST_CHECK(one.percentile(percent) == both.percentile(percent));
}

BOOST_AUTO_TEST_CASE(an_empty_histogram_returns_zero) {
  const latency_histogram empty;
  BOOST_CHECK_EQUAL(empty.count(), 0U);
  BOOST_CHECK(empty.percentile(99) == 0ns);
}

BOOST_AUTO_TEST_CASE(accepts_negative_and_huge_latencies) {
  latency_histogram measured;
  measured.add(-5ns);
  measured.add(100h);
  BOOST_CHECK(measured.percentile(50) == 0ns);
  BOOST_CHECK(measured.max() == 100h);
  BOOST_CHECK(measured.percentile(100) > 4h);
}

BOOST_AUTO_TEST_SUITE_END()
