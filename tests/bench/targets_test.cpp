#include "tools/winnow-bench/targets.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow::bench;

namespace {

void add_closed(bench_report& report, const char* server, double connections, samples rate, samples p50) {
  report_row row;
  row.number("items", 30'000).text("server", server).number("connections", connections);
  row.measured("served/s", std::move(rate)).measured("p50 ms", std::move(p50));
  report.section("closed", "").rows.push_back(std::move(row));
}

const report_row& row_about(const bench_report& report, std::string_view what) {
  for (const auto& row : report.find("targets")->rows)
    if (row.text_of("what").rfind(what, 0) == 0)
      return row;
  throw std::runtime_error("no target " + std::string(what));
}

} // namespace

BOOST_AUTO_TEST_SUITE(targets)

BOOST_AUTO_TEST_CASE(are_ratios_of_values_from_the_same_repetition) {
  bench_report report("test");
  add_closed(report, "winnowd", 64, {{3100, 1550}}, {});
  add_closed(report, "python-batch2", 64, {{1000, 500}}, {});
  judge(report, 30'000);
  const auto& row = row_about(report, "64 connections: requests/s over the peer's, 30000");
  BOOST_CHECK_EQUAL(row.find("measured")->least(), 3.1);
  BOOST_CHECK_EQUAL(row.find("measured")->greatest(), 3.1);
  BOOST_CHECK_EQUAL(row.text_of("verdict"), "reached");
}

BOOST_AUTO_TEST_CASE(compare_one_connection_with_the_fastest_peer) {
  bench_report report("test");
  add_closed(report, "winnowd", 1, {}, {{1}});
  add_closed(report, "python-batch2", 1, {}, {{9}});
  add_closed(report, "python", 1, {}, {{3}});
  judge(report, 30'000);
  const auto& row = row_about(report, "one connection");
  BOOST_CHECK_CLOSE(row.find("measured")->median(), 1.0 / 3, 0.001);
  BOOST_CHECK_EQUAL(row.text_of("verdict"), "missed"); // the target is at most a quarter
}

BOOST_AUTO_TEST_CASE(add_up_the_ranking_stages_before_comparing) {
  bench_report report("test");
  for (const auto& [stage, time, ratio] : {std::tuple("DIN", 90.0, 1.5), std::tuple("RankNet", 30.0, 3.0)}) {
    report_row row;
    row.text("stage", stage).number("batch", 16);
    row.measured("CPU us", {{time}}).measured("times the floor", {{ratio}});
    report.section("stages", "").rows.push_back(std::move(row));
  }
  judge(report, 30'000);
  const auto& row = row_about(report, "DIN + RankNet, batches of 16");
  BOOST_CHECK_CLOSE(row.find("measured")->median(), 120.0 / 70, 0.001);
  BOOST_CHECK_EQUAL(row.text_of("verdict"), "reached");
}

BOOST_AUTO_TEST_CASE(compare_overload_with_the_open_loop_below_saturation) {
  bench_report report("test");
  for (const auto& [load, p99] : {std::pair("peak, closed loop", 10.0), std::pair("80.0 % of peak", 40.0),
                                  std::pair("200 % of peak", 44.0)}) {
    report_row row;
    row.number("items", 30'000).text("load", load).measured("p99 ms", {{p99}});
    report.section("open", "").rows.push_back(std::move(row));
  }
  judge(report, 30'000);
  const auto& row = row_about(report, "… p99 of served requests");
  BOOST_CHECK_CLOSE(row.find("measured")->median(), 1.1, 0.001);
  BOOST_CHECK_EQUAL(row.text_of("verdict"), "reached");
}

BOOST_AUTO_TEST_CASE(report_what_was_not_measured) {
  bench_report report("test");
  judge(report, 30'000);
  for (const auto& row : report.find("targets")->rows)
    BOOST_CHECK_EQUAL(row.text_of("verdict"), "not measured");
}

BOOST_AUTO_TEST_SUITE_END()
