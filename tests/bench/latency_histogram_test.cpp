#include "tools/winnow-bench/latency_histogram.hpp"

#include <boost/test/unit_test.hpp>

using winnow::bench::latency_histogram;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(latency_histogram_)

BOOST_AUTO_TEST_CASE(tells_every_percentile_to_one_percent) {
  for (const std::int64_t unit : {1LL, 1000LL, 1'000'000LL, 300'000'000LL}) {
    latency_histogram measured;
    for (std::int64_t i = 1; i <= 10'000; ++i)
      measured.add(latency_histogram::duration(i * unit));
    for (const double percent : {0.1, 1.0, 50.0, 95.0, 99.0, 99.9, 100.0}) {
      const double exact = percent * 100 * static_cast<double>(unit);
      const auto told = static_cast<double>(measured.percentile(percent).count());
      BOOST_CHECK_GE(told, exact);
      BOOST_CHECK_LE(told, exact * 1.01);
    }
  }
}

BOOST_AUTO_TEST_CASE(knows_the_maximum_exactly) {
  latency_histogram measured;
  measured.add(123'456'789ns);
  measured.add(1ns);
  BOOST_CHECK(measured.max() == 123'456'789ns);
  BOOST_CHECK(measured.percentile(100) == 123'456'789ns);
}

BOOST_AUTO_TEST_CASE(is_as_if_all_had_been_added_to_one_when_merged) {
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

BOOST_AUTO_TEST_CASE(has_zero_where_nothing_was_added) {
  const latency_histogram nothing;
  BOOST_CHECK_EQUAL(nothing.count(), 0U);
  BOOST_CHECK(nothing.percentile(99) == 0ns);
}

BOOST_AUTO_TEST_CASE(takes_what_is_below_zero_or_beyond_hours) {
  latency_histogram measured;
  measured.add(-5ns);
  measured.add(100h);
  BOOST_CHECK(measured.percentile(50) == 0ns);
  BOOST_CHECK(measured.max() == 100h);
  BOOST_CHECK(measured.percentile(100) > 4h);
}

BOOST_AUTO_TEST_SUITE_END()
