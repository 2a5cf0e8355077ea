#include "actors/metrics/metrics.hpp"

#include "config/version.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <sys/resource.h>
#include <unistd.h>

namespace winnow {

namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

/// From a tenth of a millisecond, which a stage takes for one request, to the seconds of a time-out.
const Histogram::BucketBoundaries& seconds() {
  static const Histogram::BucketBoundaries bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                  0.025,  0.05,    0.1,    0.25,  0.5,    1,     2.5};
  return bounds;
}

const Histogram::BucketBoundaries& sizes() {
  static const Histogram::BucketBoundaries bounds{1, 2, 4, 8, 16, 32, 64, 128};
  return bounds;
}

double to_seconds(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

Family<Counter>& counters(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

Family<Gauge>& gauges(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

Family<Histogram>& histograms(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

double resident_bytes() {
  long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*d %ld", &pages) != 1)
      pages = 0;
    std::fclose(file);
  }
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_time() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto value = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return value(usage.ru_utime) + value(usage.ru_stime);
}

} // namespace

metrics::metrics()
    : registry_(std::make_shared<Registry>()),
      stage_duration_(
          histograms(*registry_, "winnow_stage_duration_seconds", "Time a stage took for a batch."),
          {"stage"}, seconds()),
      stage_batch_size_(
          histograms(*registry_, "winnow_stage_batch_tasks", "Requests that a worker took at once."),
          {"stage"}, sizes()),
      stage_failures_(
          counters(*registry_, "winnow_stage_failures_total", "Tasks a stage did not answer, by reason."),
          {"stage", "reason"}),
      stage_queue_(gauges(*registry_, "winnow_stage_queue_tasks", "Tasks that wait for a worker."),
                   {"stage"}),
      requests_(counters(*registry_, "winnow_recommender_requests_total",
                         "Lists asked for, by origin and outcome."),
                {"origin", "outcome"}),
      request_duration_(histograms(*registry_, "winnow_recommender_duration_seconds",
                                   "Time from a request's arrival in the pipeline to its stored list."),
                        {"origin"}, seconds()),
      sources_(counters(*registry_, "winnow_recommender_sources_total",
                        "Where candidates came from; history_mean and popular are fall-backs."),
               {"source"}),
      degraded_(counters(*registry_, "winnow_recommender_degraded_total",
                         "Lists without a ranking stage, by stage and reason."),
                {"stage", "reason"}),
      in_flight_(gauges(*registry_, "winnow_recommender_in_flight", "Requests in the pipeline.").Add({})),
      http_requests_(
          counters(*registry_, "winnow_http_requests_total", "HTTP requests answered, by route and code."),
          {"route", "code"}),
      http_duration_(
          histograms(*registry_, "winnow_http_duration_seconds", "Time to answer an HTTP request."),
          {"route"}, seconds()),
      http_connections_(gauges(*registry_, "winnow_http_connections", "Open HTTP connections.").Add({})),
      profiles_seen_(
          counters(*registry_, "winnow_poller_profiles_seen_total", "Profiles looked at.").Add({})),
      profiles_changed_(
          counters(*registry_, "winnow_poller_profiles_changed_total", "Profiles whose list was computed.")
              .Add({})),
      profiles_unchanged_(
          counters(*registry_, "winnow_poller_profiles_unchanged_total", "Profiles that needed no new list.")
              .Add({})),
      profiles_failed_(counters(*registry_, "winnow_poller_profiles_failed_total",
                                "Profiles without a new list, by reason."),
                       {"reason"}),
      retries_(counters(*registry_, "winnow_poller_retries_total",
                        "Profiles put back to be tried again, by what was in the way."),
               {"reason"}),
      pending_(gauges(*registry_, "winnow_poller_pending_profiles", "Profiles that wait to be looked at.")
                   .Add({})),
      sweep_duration_(histograms(*registry_, "winnow_poller_sweep_duration_seconds",
                                 "Time to list all profiles of the store.")
                          .Add({}, seconds())),
      tracking_(
          gauges(*registry_, "winnow_poller_tracking", "1: the store announces changes; 0: it is swept.")
              .Add({})),
      store_connected_(gauges(*registry_, "winnow_store_connected", "1: the profile store answers.").Add({})),
      pipeline_duration_(histograms(*registry_, "winnow_store_pipeline_duration_seconds",
                                    "Time of one pipeline, all commands.")
                             .Add({}, seconds())),
      store_commands_(
          counters(*registry_, "winnow_store_commands_total", "Commands sent to the store.").Add({})),
      store_failures_(counters(*registry_, "winnow_store_failures_total", "Commands that failed, by reason."),
                      {"reason"}),
      restarts_(counters(*registry_, "winnow_supervisor_restarts_total", "Restarts of actors that died."),
                {"actor"}),
      model_info_(gauges(*registry_, "winnow_model_info", "1 for the model version in force.")),
      model_items_(gauges(*registry_, "winnow_model_items", "Items in the catalogue.").Add({})),
      model_users_(gauges(*registry_, "winnow_model_users", "Users with an embedding.").Add({})),
      resident_memory_(gauges(*registry_, "process_resident_memory_bytes", "Resident memory.").Add({})),
      cpu_seconds_(
          counters(*registry_, "process_cpu_seconds_total", "CPU time used, user and system.").Add({})),
      start_time_(gauges(*registry_, "process_start_time_seconds", "Start time, in Unix seconds.").Add({})),
      daemon_(*registry_) {
  gauges(*registry_, "winnow_build_info", "1 for the version of the program.")
      .Add({{"version", std::string(version())}})
      .Set(1);
  start_time_.Set(static_cast<double>(std::time(nullptr)));
  expose_failures();
}

void metrics::stage_batch(std::string_view stage, std::size_t tasks, std::chrono::nanoseconds took) {
  stage_duration_.at({stage}).Observe(to_seconds(took));
  stage_batch_size_.at({stage}).Observe(static_cast<double>(tasks));
}

void metrics::stage_failed(std::string_view stage, std::string_view reason, std::size_t tasks) {
  stage_failures_.at({stage, reason}).Increment(static_cast<double>(tasks));
}

void metrics::stage_queue(std::string_view stage, std::size_t depth) {
  stage_queue_.at({stage}).Set(static_cast<double>(depth));
}

void metrics::recommendation(std::string_view origin, std::string_view outcome,
                             std::chrono::nanoseconds took) {
  requests_.at({origin, outcome}).Increment();
  request_duration_.at({origin}).Observe(to_seconds(took));
}

void metrics::recommendation_source(std::string_view source) {
  sources_.at({source}).Increment();
}

void metrics::degraded(std::string_view stage, std::string_view reason) {
  degraded_.at({stage, reason}).Increment();
}

void metrics::recommendations_in_flight(std::size_t count) {
  in_flight_.Set(static_cast<double>(count));
}

void metrics::http_exchange(std::string_view route, unsigned status, std::chrono::nanoseconds took) {
  http_requests_.at({route, std::to_string(status)}).Increment();
  http_duration_.at({route}).Observe(to_seconds(took));
}

void metrics::http_connections(std::size_t count) {
  http_connections_.Set(static_cast<double>(count));
}

void metrics::profiles_seen(std::size_t count) {
  profiles_seen_.Increment(static_cast<double>(count));
}

void metrics::profile_changed() {
  profiles_changed_.Increment();
}

void metrics::profile_unchanged() {
  profiles_unchanged_.Increment();
}

void metrics::profile_failed(std::string_view reason) {
  profiles_failed_.at({reason}).Increment();
}

void metrics::profile_retried(std::string_view reason) {
  retries_.at({reason}).Increment();
}

void metrics::poller_pending(std::size_t count) {
  pending_.Set(static_cast<double>(count));
}

void metrics::poller_swept(std::chrono::nanoseconds took) {
  sweep_duration_.Observe(to_seconds(took));
}

void metrics::tracking(bool live) {
  tracking_.Set(live ? 1 : 0);
}

void metrics::store_connected(bool connected) {
  store_connected_.Set(connected ? 1 : 0);
}

void metrics::store_pipeline(std::size_t commands, std::chrono::nanoseconds took) {
  pipeline_duration_.Observe(to_seconds(took));
  store_commands_.Increment(static_cast<double>(commands));
}

void metrics::store_failed(std::string_view reason) {
  store_failures_.at({reason}).Increment();
}

void metrics::actor_restarted(std::string_view actor) {
  restarts_.at({actor}).Increment();
}

void metrics::model_loaded(std::string_view model_version, std::size_t items, std::size_t users) {
  for (const auto& family : model_info_.Collect())
    for (const auto& known : family.metric)
      for (const auto& label : known.label)
        model_info_.Add({{label.name, label.value}}).Set(0);
  model_info_.Add({{"version", std::string(model_version)}}).Set(1);
  model_items_.Set(static_cast<double>(items));
  model_users_.Set(static_cast<double>(users));
}

std::vector<prometheus::MetricFamily> metrics::collect() const {
  daemon_.refresh();
  resident_memory_.Set(resident_bytes());
  cpu_seconds_.Increment(std::max(0.0, cpu_time() - cpu_seconds_.Value()));
  return registry_->Collect();
}

double metrics::total(const std::vector<prometheus::MetricFamily>& families, std::string_view name) {
  double sum = 0;
  for (const auto& family : families)
    if (family.name == name)
      for (const auto& metric : family.metric)
        sum += family.type == prometheus::MetricType::Gauge ? metric.gauge.value : metric.counter.value;
  return sum;
}

} // namespace winnow
