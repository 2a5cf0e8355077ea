#include "config/log/flood_limit.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

/// Every step returns what it logs as `cause count subject reason;`.
struct flood_fixture {
  std::string note_after(std::chrono::milliseconds later, const char* cause, const char* subject) {
    written.clear();
    limit.note(cause, subject, "why", now += later);
    return written;
  }

  std::string due_after(std::chrono::milliseconds later) {
    written.clear();
    limit.report_due(now += later);
    return written;
  }

  std::string written;
  flood_limit limit{[this](const flood_limit::report& one) {
                      written.append(one.cause).append(" ").append(std::to_string(one.count));
                      written.append(" ").append(one.subject).append(" ").append(one.reason).append(";");
                    },
                    60s};
  flood_limit::clock::time_point now{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(flood_limits, flood_fixture)

BOOST_AUTO_TEST_CASE(reports_the_first_occurrence_at_once) {
  BOOST_TEST(note_after(0ms, "malformed", "a") == "malformed 1 a why;");
}

BOOST_AUTO_TEST_CASE(counts_further_ones_until_the_interval_is_over) {
  note_after(0ms, "malformed", "a");
  BOOST_TEST(note_after(1ms, "malformed", "b") == "");
  BOOST_TEST(note_after(59998ms, "malformed", "c") == "");
  BOOST_TEST(note_after(1ms, "malformed", "d") == "malformed 3 d why;");
  BOOST_TEST(note_after(59999ms, "malformed", "e") == "");
}

BOOST_AUTO_TEST_CASE(reports_the_last_ones_even_if_no_more_follow) {
  note_after(0ms, "malformed", "a");
  BOOST_TEST(due_after(60s) == "");
  BOOST_TEST(note_after(0ms, "malformed", "b") == "malformed 1 b why;");
  note_after(1s, "malformed", "c");
  note_after(1s, "malformed", "d");
  BOOST_TEST(due_after(57s) == "");
  BOOST_TEST(due_after(1s) == "malformed 2 c why;");
  BOOST_TEST(due_after(60s) == "");
}

BOOST_AUTO_TEST_CASE(reports_the_last_ones_at_the_end_however_early_it_comes) {
  note_after(0ms, "malformed", "a");
  note_after(1ms, "malformed", "b");
  note_after(1ms, "malformed", "c");
  written.clear();
  limit.report_all(now);
  BOOST_TEST(written == "malformed 2 b why;");
  written.clear();
  limit.report_all(now);
  BOOST_TEST(written == "");
  {
    flood_limit ending(
        [this](const flood_limit::report& one) { written += std::to_string(one.count) + ";"; });
    for (int i = 0; i < 100; ++i)
      ending.note("malformed", "key", "why");
    BOOST_TEST(written == "1;");
  }
  BOOST_TEST(written == "1;99;");
}

BOOST_AUTO_TEST_CASE(counts_each_cause_separately) {
  BOOST_TEST(note_after(0ms, "malformed", "a") == "malformed 1 a why;");
  BOOST_TEST(note_after(1ms, "too_large", "b") == "too_large 1 b why;");
  note_after(1ms, "malformed", "c");
  note_after(1ms, "too_large", "d");
  BOOST_TEST(due_after(60s) == "malformed 1 c why;too_large 1 d why;");
}

BOOST_AUTO_TEST_CASE(writes_two_lines_for_fifty_thousand_problems_in_a_minute) {
  int lines = 0;
  for (int i = 0; i < 50000; ++i)
    lines += note_after(1ms, "malformed", "key").empty() ? 0 : 1;
  lines += due_after(11s).empty() ? 0 : 1;
  BOOST_TEST(lines == 2);
}

BOOST_AUTO_TEST_SUITE_END()
