#include "actors/tracing/trace_summary.hpp"

#include "actors/tracing/slow_requests.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

using kind = trace_step::kind;
using times = std::chrono::milliseconds;

/// A request that takes 100 ms. Times of steps are counted from its beginning.
struct summary_fixture {
  std::size_t begin(const char* name, kind what, times at) { return trace.begin(name, what, start + at); }

  /// Adds a step of a stage that was answered.
  void add_stage(times from, times taken, times done, times end, std::size_t batch) {
    const auto step = begin("din_ranker", kind::stage, from);
    trace.taken(step, start + taken, batch);
    trace.done(step, start + done);
    trace.end(step, start + end, std::nullopt);
  }

  std::vector<step_summary> summary() {
    trace.ended(start + 100ms, std::nullopt);
    return summary_of(trace);
  }

  const request_trace::time_point start = request_trace::clock::now();
  request_trace trace{{}, "x", start};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(trace_summary_suite, summary_fixture)

BOOST_AUTO_TEST_CASE(one_step_is_as_it_was) {
  add_stage(10ms, 30ms, 35ms, 36ms, 4);
  const auto all = summary();
  BOOST_REQUIRE_EQUAL(all.size(), 1u);
  BOOST_CHECK_EQUAL(all[0].count, 1u);
  BOOST_CHECK(all[0].whole.begin == start + 10ms && all[0].whole.end == start + 36ms);
  BOOST_CHECK(all[0].queue->end == start + 30ms);
  BOOST_CHECK(all[0].compute->begin == start + 30ms && all[0].compute->end == start + 35ms);
  BOOST_CHECK_EQUAL(all[0].batch, 4u);
  BOOST_CHECK_EQUAL(all[0].failures, 0u);
}

BOOST_AUTO_TEST_CASE(steps_of_one_name_are_added_up) {
  add_stage(10ms, 30ms, 35ms, 40ms, 4);
  add_stage(5ms, 6ms, 16ms, 17ms, 9);
  const auto all = summary();
  BOOST_REQUIRE_EQUAL(all.size(), 1u);
  BOOST_CHECK_EQUAL(all[0].count, 2u);
  BOOST_CHECK(all[0].whole.begin == start + 5ms && all[0].whole.end == start + 40ms);
  BOOST_CHECK(all[0].whole.total == 42ms && all[0].whole.longest == 30ms);
  BOOST_CHECK(all[0].queue->total == 21ms && all[0].queue->longest == 20ms);
  BOOST_CHECK(all[0].compute->total == 15ms && all[0].compute->longest == 10ms);
  BOOST_CHECK_EQUAL(all[0].batch, 9u);
}

BOOST_AUTO_TEST_CASE(a_step_that_was_never_taken_only_waited) {
  begin("read list", kind::store, 20ms);
  const auto all = summary();
  BOOST_CHECK(all[0].whole.end == start + 100ms);
  BOOST_CHECK(all[0].queue->total == 80ms);
  BOOST_CHECK(!all[0].compute);
  BOOST_CHECK_EQUAL(all[0].failure, "no answer");
}

BOOST_AUTO_TEST_CASE(work_has_no_wait) {
  begin("list keys", kind::store_work, 0ms);
  begin("change item", kind::work, 1ms);
  const auto all = summary();
  BOOST_CHECK(!all[0].queue && !all[1].queue);
  BOOST_CHECK(all[0].is_of_store() && !all[1].is_of_store());
}

BOOST_AUTO_TEST_CASE(failures_are_counted_and_the_first_is_named) {
  add_stage(10ms, 30ms, 35ms, 40ms, 4);
  trace.end(begin("din_ranker", kind::stage, 1ms), start + 2ms, fault::timeout);
  begin("din_ranker", kind::stage, 3ms);
  const auto all = summary();
  BOOST_CHECK_EQUAL(all[0].count, 3u);
  BOOST_CHECK_EQUAL(all[0].failures, 2u);
  BOOST_CHECK_EQUAL(all[0].failure, to_string(fault::timeout));
}

BOOST_AUTO_TEST_CASE(a_trace_keeps_the_steps_of_the_largest_batch_and_not_more) {
  for (std::size_t i = 0; i < request_trace::most_steps + 1; ++i)
    trace.end(begin("din_ranker", kind::stage, 1ms), start + 2ms, std::nullopt);
  BOOST_CHECK_EQUAL(summary()[0].count, request_trace::most_steps);
}

BOOST_AUTO_TEST_CASE(a_reason_to_leave_out_a_stage_is_named_once) {
  for (const char* reason : {"din: timeout", "ranknet: timeout", "din: timeout"})
    trace.degraded(reason);
  BOOST_CHECK_EQUAL(trace.root().degraded.size(), 2u);
}

BOOST_AUTO_TEST_CASE(slow_requests_have_the_sums) {
  add_stage(10ms, 30ms, 35ms, 40ms, 4);
  add_stage(5ms, 6ms, 16ms, 17ms, 9);
  trace.end(begin("din_ranker", kind::stage, 1ms), start + 2ms, fault::timeout);
  summary();
  slow_requests slow(50ms);
  slow.add(trace, 100ms);
  const auto step = nlohmann::json::parse(slow.json())["requests"][0]["steps"][0];
  const nlohmann::json expected{{"step", "din_ranker"}, {"duration_ms", 39.0}, {"count", 3},
                                {"total_ms", 43.0},     {"longest_ms", 30.0},  {"queue_ms", 22.0},
                                {"compute_ms", 15.0},   {"batch", 9},          {"failure", "timeout"},
                                {"failures", 1}};
  BOOST_CHECK_EQUAL(step, expected);
}

BOOST_AUTO_TEST_SUITE_END()
