#include "actors/poller/announcement_log.hpp"

#include "config/log/event_ring.hpp"
#include "config/log/log.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <string_view>

using namespace winnow;

namespace {

constexpr std::string_view present = "changes are announced by the store";
constexpr std::string_view absent = "changes are not announced by the store, sweeping instead";
constexpr std::string_view broken = "announcements of changes were interrupted";

struct fixture {
  void interrupt(bool lost) {
    change_batch batch;
    batch.lost = lost;
    batch.interrupted = "it hung up";
    log.interrupted(batch);
  }

  /// Returns how many lines of an event were logged by this test.
  std::uint64_t lines(std::string_view event) const { return total(event) - before.at(event); }

  static std::uint64_t total(std::string_view event) {
    std::uint64_t count = 0;
    for (const auto& one : kept_events().since(0))
      count += one.event == event ? one.count : 0;
    return count;
  }

  std::map<std::string_view, std::uint64_t> before{
      {present, total(present)}, {absent, total(absent)}, {broken, total(broken)}};
  announcement_log log;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(announcement_logs, fixture)

BOOST_AUTO_TEST_CASE(a_connection_that_keeps_breaking_is_one_line) {
  log.resumed();
  for (int i = 0; i < 20; ++i)
    interrupt(false);
  BOOST_TEST(lines(present) == 1U);
  BOOST_TEST(lines(broken) == 1U);
  interrupt(true); // another cause
  interrupt(true);
  log.report_due();
  BOOST_TEST(lines(broken) == 2U);
}

BOOST_AUTO_TEST_CASE(a_store_that_keeps_going_away_is_two_lines) {
  log.resumed();
  for (int i = 0; i < 20; ++i) {
    log.stopped("it is away");
    log.stopped("it is still away");
    log.resumed();
  }
  BOOST_TEST(lines(absent) == 1U);
  BOOST_TEST(lines(present) == 2U); // at the start, and after the line that says otherwise
}

BOOST_AUTO_TEST_SUITE_END()
