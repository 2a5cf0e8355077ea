#include "tools/winnow-bench/ceilings.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow::bench;

BOOST_AUTO_TEST_SUITE(ceilings)

BOOST_AUTO_TEST_CASE(are_measured_once_a_report) {
  bench_report report("test");
  report.section("ceilings", "");
  const deployment nothing_to_start_a_server_with;
  BOOST_CHECK(measure_ceilings(bench_options(), nothing_to_start_a_server_with, report));
  BOOST_CHECK(report.find("ceilings")->rows.empty());
}

BOOST_AUTO_TEST_SUITE_END()
