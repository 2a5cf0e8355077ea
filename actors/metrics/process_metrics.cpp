#include "actors/metrics/process_metrics.hpp"

#include "actors/metrics/metric_families.hpp"
#include "config/log/standard_streams.hpp"
#include "config/version.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <dirent.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace winnow {

namespace {

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

double open_descriptors() {
  double count = 0;
  if (DIR* directory = ::opendir("/proc/self/fd")) {
    while (const dirent* entry = ::readdir(directory)) // NOLINT(concurrency-mt-unsafe): not shared
      count += entry->d_name[0] != '.' ? 1 : 0;
    ::closedir(directory);
    count -= 1; // the directory itself
  }
  return count;
}

} // namespace

process_metrics::process_metrics(prometheus::Registry& registry)
    : resident_memory_(gauge(registry, "process_resident_memory_bytes", "Resident memory.")),
      cpu_seconds_(counter(registry, "process_cpu_seconds_total", "CPU time used, user and system.")),
      descriptors_(gauge(registry, "process_open_fds", "Open file descriptors.")),
      max_descriptors_(gauge(registry, "process_max_fds", "How many there may be.")),
      dropped_log_lines_(counter(registry, "winnow_log_lines_dropped_total",
                                 "Log lines dropped because nobody read standard error.")) {
  gauge(registry, "process_start_time_seconds", "Start time, in Unix seconds.")
      .Set(static_cast<double>(std::time(nullptr)));
  gauges(registry, "winnow_build_info", "1 for the version of the program.")
      .Add({{"version", std::string(version())}})
      .Set(1);
}

void process_metrics::refresh() const {
  resident_memory_.Set(resident_bytes());
  cpu_seconds_.Increment(std::max(0.0, cpu_time() - cpu_seconds_.Value()));
  descriptors_.Set(open_descriptors());
  dropped_log_lines_.Increment(
      std::max(0.0, static_cast<double>(dropped_error_lines()) - dropped_log_lines_.Value()));
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    max_descriptors_.Set(static_cast<double>(limit.rlim_cur));
}

} // namespace winnow
