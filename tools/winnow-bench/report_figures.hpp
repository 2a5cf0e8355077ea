#pragma once

#include "tools/winnow-bench/bench_report.hpp"

#include <string>
#include <utility>
#include <vector>

namespace winnow::bench {

/// Figures that are made of several measurements of a report. Each is empty, or 0, if one of them is missing.

/// Names and texts that the cells of a row must have.
using conditions = std::vector<std::pair<std::string, std::string>>;

/// Returns a row's measurement, empty if there is no such row.
samples measured(const bench_report& report, const std::string& section, const conditions& all,
                 const std::string& column);

/// Returns a measurement of `POST /recommend` in a closed loop.
samples closed(const bench_report& report, const std::string& server, std::size_t items,
               std::size_t connections, const std::string& column);

/// Returns the lists per second that were computed for changed profiles.
samples poller_rate(const bench_report& report, std::size_t items, const char* workers);

/// The processor time of DIN and RankNet together over their floor.
samples ranking_over_floor(const bench_report& report, const char* batch);

/// The least microseconds of processor time for a request: the arithmetic of the three stages (for recall, of
/// the screen in bytes), HTTP and Redis.
double floor_of_request(const bench_report& report);

/// The served rate over the rate of all cores if a request took only its floor.
samples share_of_floor(const bench_report& report, std::size_t items);

} // namespace winnow::bench
