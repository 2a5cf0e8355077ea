#include "actors/metrics/metrics.hpp"
#include "config/all_faults.hpp"
#include "models/trials/model_trials.hpp"
#include "support/environment.hpp"
#include "support/files.hpp"
#include "tests/actors/bookshop.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <regex>
#include <set>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

/// Observes enough lists for a stability index.
void drift_of(drift_metrics& drift) {
  model_set models;
  models.version = "0123456789abcdef";
  models.drift = std::make_shared<std::vector<reference_histogram>>(1, make_reference("score", {1, 2, 3}));
  ranked_list list;
  list.items.push_back({0, 2.0f});
  for (std::uint64_t i = 0; i < drift_watch::least_lists; ++i)
    drift.watch.observe(models, {}, nullptr, &list);
  drift.update();
}

/// Returns metrics each of which was recorded once.
metrics& recorded() {
  static metrics all;
  all.stages.batch("din_ranker", 3, 2ms);
  all.stages.failed("din_ranker", "timeout");
  all.stages.queue("din_ranker", 1);
  all.recommender.request("http", "ok", 3ms);
  all.recommender.source("personalised");
  all.recommender.degraded("ranknet", "timeout");
  all.recommender.in_flight(1);
  all.http.exchange("/health", 200, 1ms);
  all.http.connections(1);
  all.poller.seen(1);
  all.poller.changed();
  all.poller.unchanged();
  all.poller.failed("malformed");
  all.poller.retried("unavailable");
  all.poller.pending(1);
  all.poller.swept(1s);
  all.poller.tracking(true);
  all.store.connected(true);
  all.store.pipeline(4, 1ms);
  all.store.failed("timeout");
  all.supervisor.restarted("din_ranker");
  all.models.loaded("0123456789abcdef", 132, 60, 1'700'000'000);
  all.taken.taken({{"0123456789abcdef", "", 1, 60}, {"0123456789abcdef", "cart", 2, 60}});
  model_trials trials;
  trials.running = begin_experiment({"layout", {}, {{"a", "first", 1}, {"b", "second", 3}}}, nullptr, 1);
  trials.arms.resize(2);
  all.trials.use(&trials, "0123456789abcdef");
  all.trials.listed("0123456789abcdef", false, 1ms);
  all.trials.compared(0.5, 0.1, 1ms);
  drift_of(all.drift);
  all.rules.placed("cart");
  all.readiness.update({"shutting down"});
  return all;
}

std::string_view name_of(prometheus::MetricType type) {
  switch (type) {
  case prometheus::MetricType::Counter:
    return "counter";
  case prometheus::MetricType::Gauge:
    return "gauge";
  case prometheus::MetricType::Histogram:
    return "histogram";
  default:
    return "other";
  }
}

/// Returns one line `name type{label,label}` per family, in alphabetical order.
std::string summary(const std::vector<prometheus::MetricFamily>& families) {
  std::set<std::string> lines;
  for (const auto& family : families) {
    std::set<std::string> labels;
    for (const auto& metric : family.metric)
      for (const auto& label : metric.label)
        labels.insert(label.name);
    std::string line = family.name + " " + std::string(name_of(family.type));
    for (const auto& label : labels)
      line += (label == *labels.begin() ? "{" : ",") + label;
    lines.insert(line + (labels.empty() ? "" : "}"));
  }
  std::string text;
  for (const auto& line : lines)
    text += line + "\n";
  return text;
}

std::size_t series_of(const std::vector<prometheus::MetricFamily>& families, std::string_view name) {
  for (const auto& family : families)
    if (family.name == name)
      return family.metric.size();
  return 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_suite)

// Names, types and labels are an interface for dashboards and alerts. If they change on purpose, update the
// golden file and the documentation.
BOOST_AUTO_TEST_CASE(a_stability_index_goes_with_the_models_that_had_it) {
  metrics meters;
  drift_of(meters.drift);
  BOOST_TEST(series_of(meters.collect(), "winnow_drift_stability_index") == 1u);
  BOOST_TEST(metrics::total(meters.collect(), "winnow_drift_unknown_users_ratio") == 1);
  model_set other;
  other.version = "other";
  meters.drift.watch.observe(other, {}, nullptr, nullptr);
  meters.drift.update();
  BOOST_TEST(series_of(meters.collect(), "winnow_drift_stability_index") == 0u);
  BOOST_TEST(metrics::total(meters.collect(), "winnow_drift_observed_lists") == 1);
}

BOOST_AUTO_TEST_CASE(matches_the_golden_file) {
  const auto golden = test::required_variable("WINNOW_SOURCE_DIR") + "/tests/actors/golden/metrics.txt";
  BOOST_CHECK_EQUAL(summary(recorded().collect()), test::bytes_of(golden));
}

BOOST_AUTO_TEST_CASE(follows_the_naming_conventions_of_prometheus) {
  const std::regex name("(winnow|process)_[a-z]+(_[a-z]+)*");
  for (const auto& family : recorded().collect()) {
    BOOST_TEST_CONTEXT(family.name) {
      BOOST_CHECK(std::regex_match(family.name, name));
      const auto ends_with = [&](const std::string& end) {
        return family.name.size() > end.size() &&
               family.name.compare(family.name.size() - end.size(), end.size(), end) == 0;
      };
      BOOST_CHECK_EQUAL(ends_with("_total"), family.type == prometheus::MetricType::Counter);
      BOOST_CHECK_EQUAL(ends_with("_info"), family.name.find("_info") != std::string::npos);
      BOOST_CHECK(!ends_with("_count") && !ends_with("_sum") && !ends_with("_bucket"));
      BOOST_CHECK(family.name.find("_ms") == std::string::npos);
      BOOST_CHECK(!family.help.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(shows_one_model_version_at_a_time) {
  metrics meters;
  meters.models.loaded("first", 1, 1, 1);
  meters.models.loaded("second", 1, 1, 2);
  const auto families = meters.collect();
  BOOST_CHECK_EQUAL(series_of(families, "winnow_model_info"), 1u); // that of the first is gone
  BOOST_CHECK_EQUAL(metrics::total(families, "winnow_model_info"), 1);
  for (const auto& family : families)
    if (family.name == "winnow_model_info")
      BOOST_CHECK_EQUAL(family.metric.at(0).label.at(0).value, "second");
}

BOOST_AUTO_TEST_CASE(shows_the_rates_that_were_counted_with_their_intervals) {
  metrics meters;
  const auto watch = std::make_shared<taken_watch>(10);
  const auto show = [&](const std::vector<std::string>& history, const char* placement) {
    const std::vector<std::string_view> list{"x", "y"};
    meters.taken.taken(
        watch->show(watch->look("anna", history, placement), list, {"first", {}, placement}, 100));
  };
  meters.taken.show(watch);
  show({"a"}, "");
  show({"a"}, "cart");
  show({"a", "y"}, "");
  meters.taken.update();
  const auto families = meters.collect();
  BOOST_CHECK_EQUAL(metrics::total(families, "winnow_online_hit_rate"), 1);
  BOOST_CHECK_EQUAL(metrics::total(families, "winnow_online_mrr"), 0.5);
  BOOST_CHECK_EQUAL(metrics::total(families, "winnow_placement_mrr"), 0.5);
  BOOST_CHECK_EQUAL(metrics::total(families, "winnow_taken_total"), 1);
  BOOST_CHECK_EQUAL(metrics::total(families, "winnow_placement_taken_total"), 1);
  BOOST_CHECK_EQUAL(series_of(families, "winnow_online_hit_rate_bound"), 2u);
  const auto bounds = metrics::total(families, "winnow_online_hit_rate_bound");
  BOOST_CHECK(bounds > 1 && bounds < 2); // the higher one is 1
}

BOOST_AUTO_TEST_CASE(shows_the_shares_of_an_experiment_while_it_runs) {
  metrics meters;
  model_trials trials;
  trials.running = begin_experiment({"layout", {}, {{"a", "first", 1}, {"b", "second", 3}}}, nullptr, 1);
  trials.arms = {nullptr, test::bookshop_of_version("second")};
  meters.trials.use(&trials, "of a");
  BOOST_CHECK_EQUAL(series_of(meters.collect(), "winnow_experiment_share"), 2u);
  BOOST_CHECK_EQUAL(metrics::total(meters.collect(), "winnow_experiment_share"), 1);
  meters.trials.use(nullptr, "of a");
  BOOST_CHECK_EQUAL(series_of(meters.collect(), "winnow_experiment_share"), 0u);
}

BOOST_AUTO_TEST_CASE(reports_why_the_daemon_is_not_ready) {
  metrics meters;
  const auto value = [&](std::string_view name) { return metrics::total(meters.collect(), name); };
  meters.readiness.update({"models are being loaded", "the profile store is not connected"});
  BOOST_CHECK_EQUAL(value("winnow_ready"), 0);
  BOOST_CHECK_EQUAL(value("winnow_not_ready"), 2);
  meters.readiness.update({"the profile store is not connected"});
  BOOST_CHECK_EQUAL(value("winnow_not_ready"), 1);
  meters.readiness.update({});
  BOOST_CHECK_EQUAL(value("winnow_ready"), 1);
  BOOST_CHECK_EQUAL(value("winnow_not_ready"), 0);
}

BOOST_AUTO_TEST_CASE(failure_counters_start_at_zero) {
  metrics meters;
  meters.http.route("/recommend/{user_id}");
  meters.supervisor.child("redis_gateway");
  const auto families = meters.collect();
  const std::map<std::string, std::size_t> expected{
      {"winnow_model_reloads_total", 2}, // taken and refused
      {"winnow_stage_failures_total", 3 * all_faults.size()},
      {"winnow_recommender_requests_total", 2 * all_faults.size()},
      {"winnow_recommender_degraded_total", 2 * all_faults.size()},
      {"winnow_http_requests_total", 3}, // 500, 503, 504
      {"winnow_http_connections_refused_total", 1},
      {"winnow_http_answers_cut_total", 4},
      {"winnow_poller_profiles_failed_total", all_faults.size()},
      {"winnow_poller_retries_total", all_faults.size()},
      {"winnow_store_failures_total", all_faults.size()},
      {"winnow_supervisor_restarts_total", 1}};
  for (const auto& [name, series] : expected) {
    BOOST_CHECK_EQUAL(series_of(families, name), series);
    BOOST_CHECK_EQUAL(metrics::total(families, name), 0);
  }
}

BOOST_AUTO_TEST_CASE(counts_file_descriptors) {
  const metrics meters;
  const auto families = meters.collect();
  BOOST_CHECK_GE(metrics::total(families, "process_open_fds"), 3);
  BOOST_CHECK_GT(metrics::total(families, "process_max_fds"), metrics::total(families, "process_open_fds"));
}

BOOST_AUTO_TEST_CASE(sums_a_family_over_its_labels) {
  metrics meters;
  meters.stages.failed("din_ranker", "timeout", 2);
  meters.stages.failed("ranknet_ranker", "internal");
  BOOST_CHECK_EQUAL(metrics::total(meters.collect(), "winnow_stage_failures_total"), 3);
  BOOST_CHECK_EQUAL(metrics::total(meters.collect(), "no_such_family"), 0);
}

BOOST_AUTO_TEST_SUITE_END()
