#include "tools/winnow-bench/run_history.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

using namespace winnow;
using namespace winnow::bench;
using namespace winnow::test;

namespace {

history_entry entry(double ranking, double share, std::string processor = "P") {
  return {"2026-11-29T08:00:00Z",
          "abc",
          std::move(processor),
          2,
          "AVX2",
          {{"ranking_over_floor", ranking}, {"share_of_floor", share}}};
}

std::vector<std::string> names(const result<std::vector<lost_figure>>& lost) {
  std::vector<std::string> all;
  for (const auto& each : lost.value())
    all.emplace_back(each.figure->name);
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_history)

BOOST_AUTO_TEST_CASE(what_was_appended_is_read_in_order) {
  const temp_dir directory;
  const auto file = directory.path() + "/history.jsonl";
  BOOST_CHECK(read_history(file).value().empty());
  BOOST_REQUIRE(append_to_history(file, entry(1.3, 0.4)));
  BOOST_REQUIRE(append_to_history(file, entry(1.2, 0.5, "Q")));
  const auto history = read_history(file).value();
  BOOST_REQUIRE_EQUAL(history.size(), 2U);
  BOOST_CHECK_EQUAL(history[0].figures.at("ranking_over_floor"), 1.3);
  BOOST_CHECK_EQUAL(history[1].processor, "Q");
  BOOST_CHECK_EQUAL(history[1].cores, 2U);
  BOOST_CHECK_EQUAL(history[1].time, "2026-11-29T08:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_broken_line_is_named) {
  const temp_dir directory;
  const auto file = directory.path() + "/history.jsonl";
  BOOST_REQUIRE(append_to_history(file, entry(1.3, 0.4)));
  std::ofstream(file, std::ios::app) << "{\"time\": 3}\n";
  const auto read = read_history(file);
  BOOST_REQUIRE(!read);
  BOOST_CHECK_NE(read.error().message.find(file + ": line 2: "), std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_loss_is_judged_by_the_direction_of_the_figure) {
  const std::vector<history_entry> history{entry(1.0, 0.5)};
  BOOST_CHECK(names(losses(history, entry(1.17, 0.43), 0.15)).empty());
  BOOST_CHECK(names(losses(history, entry(0.5, 0.9), 0.15)).empty()); // both better
  const std::vector<std::string> ranking{"ranking_over_floor"}, share{"share_of_floor"};
  BOOST_CHECK(names(losses(history, entry(1.18, 0.5), 0.15)) == ranking);
  BOOST_CHECK(names(losses(history, entry(1.0, 0.42), 0.15)) == share);
}

BOOST_AUTO_TEST_CASE(the_median_of_the_last_entries_counts) {
  std::vector<history_entry> history{entry(9, 0.5)}; // older than the five that count
  for (const double ranking : {1.0, 1.0, 5.0, 1.0, 1.1})
    history.push_back(entry(ranking, 0.5));
  const auto lost = losses(history, entry(1.3, 0.5), 0.15).value();
  BOOST_REQUIRE_EQUAL(lost.size(), 1U);
  BOOST_CHECK_EQUAL(lost[0].recorded, 1.0);
  BOOST_CHECK_EQUAL(lost[0].now, 1.3);
}

BOOST_AUTO_TEST_CASE(other_processors_tell_nothing) {
  const std::vector<history_entry> history{entry(1, 0.5, "Q")};
  const auto lost = losses(history, entry(3, 0.1), 0.15);
  BOOST_REQUIRE(!lost);
  BOOST_CHECK(lost.error().cause == fault::not_found);
  BOOST_CHECK_EQUAL(lost.error().message, "nothing was recorded on P with 2 cores and AVX2");
}

BOOST_AUTO_TEST_CASE(the_plot_has_a_curve_for_each_processor_and_figure) {
  const auto svg = draw_history({entry(1, 0.5), entry(1.1, 0.4), entry(2, 0.2, "Q <1> & co")});
  const auto count = [&](const std::string& what) {
    std::size_t found = 0;
    for (auto at = svg.find(what); at != std::string::npos; at = svg.find(what, at + 1))
      ++found;
    return found;
  };
  BOOST_CHECK_EQUAL(count("<circle"), 6U);
  BOOST_CHECK_EQUAL(count("<polyline"), 2 * headlines().size());
  BOOST_CHECK_EQUAL(count("Q &lt;1&gt; &amp; co"), 1U);
}

BOOST_AUTO_TEST_SUITE_END()
