#pragma once

#include "config/error.hpp"
#include "tools/winnow-bench/bench_report.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace winnow::bench {

/// A headline figure: a ratio to what the machine could do at best, so that runs on different days compare.
struct headline {
  const char* name; ///< Its key in the history.
  const char* what; ///< For people.
  bool less_is_better;
};

const std::vector<headline>& headlines();

/// One run: a line of the history.
struct history_entry {
  std::string time;   ///< Of the run, `2026-11-29T08:00:00Z`.
  std::string commit; ///< The version that was measured; empty if it is not known.
  std::string processor;
  std::size_t cores = 0;
  std::string instruction_set;
  std::map<std::string, double> figures; ///< Medians by the names of `headlines`.
};

/// Returns the headline figures that the report has measured. Those that it has not are left out.
std::map<std::string, double> headline_figures(const bench_report& report, std::size_t items);

/// An entry of this machine and moment.
history_entry entry_of_now(std::string commit, std::map<std::string, double> figures);

/// Reads a file with one JSON object per line, oldest first. A missing file is an empty history.
/// @return `malformed` with file, line and member.
result<std::vector<history_entry>> read_history(const std::filesystem::path& file);

/// Appends one line. @return `unavailable` if the file cannot be written.
result<void> append_to_history(const std::filesystem::path& file, const history_entry& entry);

/// A figure that is worse than recorded.
struct lost_figure {
  const headline* figure = nullptr;
  double recorded = 0, now = 0;
};

/// How many of the last entries of a processor give the recorded figure: their median does.
inline constexpr std::size_t recorded_entries = 5;

/// Returns the figures of `now` that are worse than recorded on this kind of processor by more than a share.
/// @return `not_found` if nothing that `now` has was recorded on it.
result<std::vector<lost_figure>> losses(const std::vector<history_entry>& history, const history_entry& now,
                                        double share);

/// Draws a panel for each headline: the figure over the entries, with a colour for each processor, as SVG.
std::string draw_history(const std::vector<history_entry>& history);

} // namespace winnow::bench
