#include "actors/tracing/tracer.hpp"
#include "config/log/event_ring.hpp"
#include "recording_collector.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>

using namespace winnow;
using namespace winnow::test;
using namespace std::chrono_literals;

namespace {

const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-";

struct tracing_world {
  trace_settings settings() const {
    trace_settings made;
    made.endpoint = collector.url() + "/";
    return made;
  }

  tracer_reports reports() {
    tracer_reports made;
    made.spans.exported = [this](std::size_t spans) { exported += spans; };
    made.spans.failed = [this](std::size_t spans) { failed += spans; };
    made.spans.dropped = [this](std::size_t traces) { dropped += traces; };
    made.example = [this](const trace_example& one) {
      ++examples;
      measured.emplace_back(one.what, one.label);
    };
    return made;
  }

  tracer_ptr start(const trace_settings& options) { return tracer::of(options, "redis", reports()); }

  recording_collector collector;
  std::atomic<std::size_t> exported{0}, failed{0}, dropped{0}, examples{0};
  std::vector<std::pair<trace_example::measure, std::string>> measured; ///< By traces that the test ended.
};

http::request request_with(const std::string& traceparent) {
  http::request asked;
  asked.traceparent = traceparent;
  asked.received = std::chrono::steady_clock::now();
  return asked;
}

/// Ends a trace as if its request had been answered after this time.
void answer(request_trace_ptr trace, std::chrono::nanoseconds took, unsigned status = 200) {
  http::exchange done;
  done.method = "GET";
  done.route = "/x/{y}";
  done.target = "/x/1?z";
  done.status = status;
  done.duration = took;
  trace->answered(done);
}

std::size_t sampled_of_1000(const tracer_ptr& traces, const std::string& traceparent = {}) {
  std::size_t sampled = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto trace = traces->begin(request_with(traceparent));
    sampled += trace && trace->who().self.sampled ? 1 : 0;
  }
  return sampled;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tracer_suite, tracing_world)

BOOST_AUTO_TEST_CASE(there_is_none_unless_the_settings_ask_for_it) {
  BOOST_TEST(tracer::of({}, "", reports()) == nullptr);
  trace_settings only_log;
  only_log.slow_log = 10ms;
  const auto traces = tracer::of(only_log, "", reports());
  BOOST_REQUIRE(traces != nullptr);
  BOOST_TEST(traces->slow() != nullptr);
  BOOST_TEST(traces->begin_background("x") == nullptr);
}

BOOST_AUTO_TEST_CASE(samples_by_ratio_and_follows_the_parent) {
  auto options = settings();
  options.ratio = 0.25;
  const auto traces = start(options);
  const auto some = sampled_of_1000(traces);
  BOOST_TEST(some > 150u);
  BOOST_TEST(some < 350u);
  BOOST_TEST(sampled_of_1000(traces, parent + "01") == 1000u);
  BOOST_TEST(sampled_of_1000(traces, parent + "00") == 0u);
}

BOOST_AUTO_TEST_CASE(the_other_samplers_decide_alone) {
  const auto sampled = [&](trace_sampler sampler, const std::string& traceparent) {
    auto options = settings();
    options.sampler = sampler;
    options.ratio = 0;
    return sampled_of_1000(start(options), traceparent) == 1000;
  };
  BOOST_TEST(sampled(trace_sampler::always_on, parent + "00"));
  BOOST_TEST(!sampled(trace_sampler::always_off, parent + "01"));
  BOOST_TEST(!sampled(trace_sampler::traceidratio, parent + "01"));
  BOOST_TEST(sampled(trace_sampler::parentbased_always_on, ""));
  BOOST_TEST(!sampled(trace_sampler::parentbased_always_on, parent + "00"));
  BOOST_TEST(!sampled(trace_sampler::parentbased_always_off, ""));
  BOOST_TEST(sampled(trace_sampler::parentbased_always_off, parent + "01"));
}

BOOST_AUTO_TEST_CASE(continues_a_trace_and_begins_one_if_the_parent_is_malformed) {
  const auto traces = start(settings());
  const auto next = traces->begin(request_with(parent + "01"));
  BOOST_TEST(next->trace() == parent.substr(3, 32));
  BOOST_TEST(http::to_hex(next->who().parent.value()) == parent.substr(36, 16));
  const auto fresh = traces->begin(request_with(parent + "1"));
  BOOST_TEST(fresh->trace() != parent.substr(3, 32));
  BOOST_TEST(!fresh->who().parent.has_value());
}

BOOST_AUTO_TEST_CASE(exports_sampled_traces_with_their_steps) {
  const auto traces = start(settings());
  auto trace = traces->begin(request_with(parent + "01"));
  traced_step late(trace, "din_ranker", trace_step::kind::stage);
  late.end(fault::timeout);
  traced_step unanswered(trace, "store list", trace_step::kind::store);
  answer(std::exchange(trace, nullptr), 5ms, 503);
  BOOST_TEST(collector.spans().empty()); // the steps still refer to it
  late = unanswered = {};
  BOOST_REQUIRE(collector.wait_for_spans(5));
  const auto spans = collector.spans();
  BOOST_TEST(spans[0]["name"] == "GET /x/{y}");
  BOOST_TEST(spans[0]["status"]["code"] == 2);
  BOOST_TEST(spans[1]["name"] == "din_ranker");
  BOOST_TEST(spans[1]["status"]["message"] == "timeout");
  BOOST_TEST(spans[2]["name"] == "din_ranker queue");
  BOOST_TEST(spans[3]["status"]["message"] == "no answer");
  BOOST_TEST(wait_until([&] { return exported.load() == 5u; }));
  BOOST_TEST(examples.load() == 1u); // of the whole request: no stage computed anything
}

BOOST_AUTO_TEST_CASE(what_was_measured_in_an_exported_trace_is_an_example) {
  using measure = trace_example::measure;
  const auto traces = start(settings());
  auto trace = traces->begin(request_with(parent + "01"));
  for (const auto& [name, what] :
       {std::pair("din_ranker", trace_step::kind::stage), std::pair("store list", trace_step::kind::store),
        std::pair("change item", trace_step::kind::work)}) {
    const traced_step step(trace, name, what);
    step.taken(request_trace::clock::now(), 1);
    step.done(request_trace::clock::now());
    step.end();
  }
  trace->listed(3ms, "v1");
  trace->listed(2ms, "v2"); // the slowest list counts
  answer(std::exchange(trace, nullptr), 5ms);
  const decltype(measured) expected{{measure::http, "/x/{y}"},
                                    {measure::stage, "din_ranker"},
                                    {measure::store, ""},
                                    {measure::recommender, "http"},
                                    {measure::version, "v1"}};
  BOOST_CHECK(measured == expected);
}

BOOST_AUTO_TEST_CASE(a_list_that_failed_is_no_example_of_a_version) {
  const auto traces = start(settings());
  auto trace = traces->begin(request_with(parent + "01"));
  trace->listed(3ms, {});
  answer(std::exchange(trace, nullptr), 5ms);
  BOOST_REQUIRE_EQUAL(measured.size(), 2u);
  BOOST_CHECK(measured[1].first == trace_example::measure::recommender);
}

BOOST_AUTO_TEST_CASE(headers_for_traces_replace_the_general_ones) {
  auto options = settings();
  options.headers = "authorization=general";
  const auto with_general = start(options);
  answer(with_general->begin(request_with(parent + "01")), 5ms);
  BOOST_REQUIRE(collector.wait_for_spans(1));
  BOOST_TEST(collector.authorization() == "general");
  options.traces_headers = "authorization=a%20b";
  const auto with_own = start(options);
  answer(with_own->begin(request_with(parent + "01")), 5ms);
  BOOST_REQUIRE(collector.wait_for_spans(2));
  BOOST_TEST(collector.authorization() == "a b");
}

BOOST_AUTO_TEST_CASE(exports_slow_requests_in_any_case) {
  auto options = settings();
  options.ratio = 0;
  options.slow = 50ms;
  const auto traces = start(options);
  answer(traces->begin(request_with("")), 49ms);
  answer(traces->begin(request_with("")), 50ms);
  traces->stop(10s);
  BOOST_TEST(collector.spans().size() == 1u);
}

BOOST_AUTO_TEST_CASE(keeps_slow_requests_for_operators) {
  trace_settings options;
  options.slow_log = 50ms;
  const auto traces = start(options);
  answer(traces->begin(request_with("")), 49ms);
  for (std::size_t i = 0; i < slow_requests::most_kept + 1; ++i)
    answer(traces->begin(request_with("")), 50ms);
  const auto kept = nlohmann::json::parse(traces->slow()->json());
  BOOST_TEST(kept["threshold_ms"] == 50);
  BOOST_TEST(kept["requests"].size() == slow_requests::most_kept);
  BOOST_TEST(kept["requests"][0]["target"] == "/x/1?z");
  BOOST_TEST(kept["requests"][0]["duration_ms"] == 50.0);
}

BOOST_AUTO_TEST_CASE(a_trace_without_an_answer_ends_with_its_last_reference) {
  const auto traces = start(settings());
  traces->begin(request_with(parent + "01"));
  traces->stop(10s);
  BOOST_REQUIRE(collector.spans().size() == 1u);
  BOOST_TEST(collector.spans()[0]["status"]["message"] == "unavailable");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(span_exporter_suite, tracing_world)

namespace {

export_settings quick(const recording_collector& collector) {
  export_settings how;
  how.collector = parse_http_url(collector.url() + "/v1/traces").value();
  how.interval = 1ms;
  how.first_pause = 1ms;
  how.longest_pause = 2ms;
  return how;
}

ended_trace small_trace() {
  auto trace = std::make_unique<request_trace>(request_trace::identity{{{1, 2}, 3, true}}, "x",
                                               request_trace::clock::now());
  trace->ended(trace->begun() + 1ms, std::nullopt);
  return trace;
}

/// How many failures each line of the log named.
std::vector<std::uint64_t> failures_reported_since(std::uint64_t id) {
  std::vector<std::uint64_t> times;
  for (const auto& event : kept_events().since(id))
    if (event.event == "the collector took no traces")
      for (const auto& [name, value] : event.fields)
        if (name == "times")
          times.push_back(std::get<std::uint64_t>(value));
  return times;
}

http::response with_status(unsigned status, std::string body = "{}", http::name_values headers = {}) {
  http::response made;
  made.status = status;
  made.body = std::move(body);
  made.headers = std::move(headers);
  return made;
}

} // namespace

// The first of its suite, because the kept events count lines that follow fast as one.
BOOST_AUTO_TEST_CASE(reports_failures_when_it_is_time_to_though_no_trace_follows) {
  for (int i = 0; i < 5; ++i)
    collector.next_answer(with_status(503));
  auto how = quick(collector);
  how.report_interval = 1s;
  const auto before = kept_events().last_id();
  span_exporter exporter(how, reports().spans);
  exporter.add(small_trace());
  const std::vector<std::uint64_t> first_and_others{1, 4};
  BOOST_TEST(wait_until([&] { return failures_reported_since(before) == first_and_others; }));
}

BOOST_AUTO_TEST_CASE(sends_again_what_could_not_be_taken) {
  for (const unsigned status : {429U, 502U, 503U, 504U})
    collector.next_answer(with_status(status, "{}", {{"Retry-After", "0"}}));
  span_exporter exporter(quick(collector), reports().spans);
  exporter.add(small_trace());
  BOOST_TEST(collector.wait_for_spans(1));
  BOOST_TEST(collector.requests() == 5u);
  BOOST_TEST(wait_until([&] { return exported.load() == 1u; }));
  BOOST_TEST(failed.load() == 0u);
}

BOOST_AUTO_TEST_CASE(gives_up_after_some_attempts_and_goes_on) {
  for (int i = 0; i < 5; ++i)
    collector.next_answer(with_status(503));
  span_exporter exporter(quick(collector), reports().spans);
  exporter.add(small_trace());
  BOOST_TEST(wait_until([&] { return failed.load() == 1u; }));
  exporter.add(small_trace());
  BOOST_TEST(wait_until([&] { return exported.load() == 1u; }));
}

BOOST_AUTO_TEST_CASE(does_not_repeat_what_was_refused) {
  collector.next_answer(with_status(400));
  span_exporter exporter(quick(collector), reports().spans);
  exporter.add(small_trace());
  BOOST_TEST(wait_until([&] { return failed.load() == 1u; }));
  BOOST_TEST(collector.requests() == 1u);
}

BOOST_AUTO_TEST_CASE(counts_spans_that_were_refused_from_a_request_that_succeeded) {
  collector.next_answer(with_status(200, R"({"partialSuccess":{"rejectedSpans":"1","errorMessage":"no"}})"));
  span_exporter exporter(quick(collector), reports().spans);
  exporter.add(small_trace());
  BOOST_TEST(wait_until([&] { return failed.load() == 1u; }));
  BOOST_TEST(exported.load() == 0u);
}

BOOST_AUTO_TEST_CASE(drops_what_does_not_fit_its_queue) {
  auto how = quick(collector);
  how.queue = 2;
  how.interval = 1h; // nothing leaves the queue
  span_exporter exporter(how, reports().spans);
  for (int i = 0; i < 5; ++i)
    exporter.add(small_trace());
  BOOST_TEST(dropped.load() == 3u);
  exporter.stop(10s);
  BOOST_TEST(exported.load() == 2u);
  exporter.add(small_trace());
  BOOST_TEST(dropped.load() == 4u);
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_a_collector_that_is_silent_when_it_stops) {
  std::promise<void> asked_for;
  auto routes = std::make_shared<http::router>();
  http::route silent;
  silent.method = "POST";
  silent.pattern = "/v1/traces";
  silent.request_body = http::body_doc{"", R"({"type":"object"})", "", true};
  http::responder kept;
  silent.handle = [&](const http::request&, const http::responder& answer) {
    kept = answer;
    asked_for.set_value();
  };
  routes->add(std::move(silent));
  http_settings options;
  options.host = "127.0.0.1";
  options.port = 0;
  http::server server(options, std::move(routes));
  auto how = quick(collector);
  how.collector.port = server.listen().value();
  how.time_out = 1h;
  span_exporter exporter(how, reports().spans);
  exporter.add(small_trace());
  asked_for.get_future().wait();
  exporter.stop(10ms);
  BOOST_TEST(failed.load() == 1u);
  server.stop();
}

BOOST_AUTO_TEST_SUITE_END()
