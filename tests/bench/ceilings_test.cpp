#include "tools/winnow-bench/ceilings.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow::bench;

BOOST_AUTO_TEST_SUITE(ceilings)

BOOST_AUTO_TEST_CASE(are_measured_once_per_report) {
  bench_report report("test");
  report.section("ceilings", "");
  const deployment empty; // no server can start on it
  BOOST_CHECK(measure_ceilings(bench_options(), empty, report));
  BOOST_CHECK(report.find("ceilings")->rows.empty());
}

BOOST_AUTO_TEST_SUITE_END()
