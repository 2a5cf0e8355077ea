#include "actors/metrics/daemon_metrics.hpp"

#include <algorithm>
#include <dirent.h>
#include <sys/resource.h>

namespace winnow {

namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Registry;

Gauge& gauge(Registry& registry, const char* name, const char* help) {
  return BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

Counter& counter(Registry& registry, const char* name, const char* help) {
  return BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

Counter& reloads(Registry& registry, const char* outcome) {
  return BuildCounter()
      .Name("winnow_model_reloads_total")
      .Help("New models that were taken, or refused while the old ones stayed.")
      .Register(registry)
      .Add({{"outcome", outcome}});
}

double open_descriptors() {
  double count = 0;
  if (DIR* directory = ::opendir("/proc/self/fd")) {
    while (const dirent* entry = ::readdir(directory)) // NOLINT(concurrency-mt-unsafe): a stream of its own
      count += entry->d_name[0] != '.' ? 1 : 0;
    ::closedir(directory);
    count -= 1; // the directory itself
  }
  return count;
}

} // namespace

daemon_metrics::daemon_metrics(Registry& registry)
    : ready_(gauge(registry, "winnow_ready", "1: the daemon takes requests, as /readyz says.")),
      not_ready_(BuildGauge()
                     .Name("winnow_not_ready")
                     .Help("1 for each reason why the daemon is not ready, in the words of /readyz.")
                     .Register(registry)),
      reloads_(reloads(registry, "taken")), refused_reloads_(reloads(registry, "refused")),
      index_recall_(
          gauge(registry, "winnow_model_index_recall",
                "Of the best candidates, the share that the approximate index finds; 0: there is none "
                "and they are looked for exactly.")),
      refused_connections_(counter(registry, "winnow_http_connections_refused_total",
                                   "Connections over the limit, answered 503 or closed.")),
      store_connections_(
          counter(registry, "winnow_store_connections_total", "Times that the store was reached anew.")),
      descriptors_(gauge(registry, "process_open_fds", "Open file descriptors.")),
      most_descriptors_(gauge(registry, "process_max_fds", "How many there may be.")) {}

void daemon_metrics::readiness(const std::vector<std::string>& reasons) {
  ready_.Set(reasons.empty() ? 1 : 0);
  for (const auto& reason : reasons)
    if (std::find(reasons_.begin(), reasons_.end(), reason) == reasons_.end())
      reasons_.push_back(reason);
  for (const auto& reason : reasons_)
    not_ready_.Add({{"reason", reason}})
        .Set(std::find(reasons.begin(), reasons.end(), reason) == reasons.end() ? 0 : 1);
}

void daemon_metrics::models_reloaded(bool accepted) {
  (accepted ? reloads_ : refused_reloads_).Increment();
}

void daemon_metrics::connections_refused(std::uint64_t count) {
  refused_connections_.Increment(static_cast<double>(count));
}

void daemon_metrics::store_connected() {
  store_connections_.Increment();
}

void daemon_metrics::refresh() const {
  descriptors_.Set(open_descriptors());
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    most_descriptors_.Set(static_cast<double>(limit.rlim_cur));
}

} // namespace winnow
