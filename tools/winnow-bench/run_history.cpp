#include "tools/winnow-bench/run_history.hpp"

#include "tools/winnow-bench/comparison.hpp"
#include "tools/winnow-bench/report_figures.hpp"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>

namespace winnow::bench {

namespace {

using nlohmann::ordered_json;

std::string line_of(const history_entry& entry) {
  return ordered_json({{"time", entry.time},
                       {"commit", entry.commit},
                       {"processor", entry.processor},
                       {"cores", entry.cores},
                       {"instruction_set", entry.instruction_set},
                       {"figures", entry.figures}})
      .dump();
}

/// @throw nlohmann::json::exception with the member that is missing or has another type.
history_entry entry_of(const ordered_json& line) {
  history_entry entry;
  line.at("time").get_to(entry.time);
  line.at("commit").get_to(entry.commit);
  line.at("processor").get_to(entry.processor);
  line.at("cores").get_to(entry.cores);
  line.at("instruction_set").get_to(entry.instruction_set);
  line.at("figures").get_to(entry.figures);
  return entry;
}

bool is_same_machine(const history_entry& one, const history_entry& other) {
  return one.processor == other.processor && one.cores == other.cores &&
         one.instruction_set == other.instruction_set;
}

/// What the last entries of the processor have recorded; empty if none has the figure.
samples recorded(const std::vector<history_entry>& history, const history_entry& now, const char* name) {
  samples values;
  for (auto entry = history.rbegin(); entry != history.rend() && values.values.size() < recorded_entries;
       ++entry)
    if (is_same_machine(*entry, now))
      if (const auto figure = entry->figures.find(name); figure != entry->figures.end())
        values.add(figure->second);
  return values;
}

} // namespace

const std::vector<headline>& headlines() {
  static const std::vector<headline> all{
      {"recall_over_floor", "recall, batches of 16: processor time over the floor", true},
      {"ranking_over_floor", "DIN + RankNet, batches of 16: processor time over the floor", true},
      {"share_of_floor", "64 connections: share of the floor (models + HTTP + Redis)", false},
      {"latency_over_floor", "one connection: p50 over the floor", true},
      {"workers", "two stage workers over one, lists out of Redis", false},
  };
  return all;
}

std::map<std::string, double> headline_figures(const bench_report& report, std::size_t items) {
  std::map<std::string, double> figures;
  const auto add = [&](const char* name, const samples& values) {
    if (!values.empty())
      figures[name] = values.median();
  };
  add("recall_over_floor",
      measured(report, "stages", {{"stage", "recall"}, {"batch", "16"}}, "times the floor"));
  add("ranking_over_floor", ranking_over_floor(report, "16"));
  add("share_of_floor", share_of_floor(report, items));
  if (const double floor_us = floor_of_request(report); floor_us > 0) {
    samples latency;
    for (const double p50_ms : closed(report, whole_winnowd, items, 1, "p50 ms").values)
      latency.add(p50_ms * 1000 / floor_us);
    add("latency_over_floor", latency);
  }
  add("workers", ratios(poller_rate(report, items, "2"), poller_rate(report, items, "1")));
  return figures;
}

history_entry entry_of_now(std::string commit, std::map<std::string, double> figures) {
  const auto now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char time[32];
  std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%SZ", &parts);
  auto here = this_machine();
  return {time,
          std::move(commit),
          std::move(here.processor),
          here.cores,
          std::move(here.instruction_set),
          std::move(figures)};
}

result<std::vector<history_entry>> read_history(const std::filesystem::path& file) {
  std::vector<history_entry> history;
  std::ifstream lines(file, std::ios::binary);
  if (!lines && std::filesystem::exists(file))
    return fail(fault::unavailable, file.string() + ": cannot be read");
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    try {
      history.push_back(entry_of(ordered_json::parse(line)));
    } catch (const nlohmann::json::exception& refused) {
      return fail(fault::malformed, file.string() + ": line " + std::to_string(number) +
                                        ": expected an entry of the history, got: " + refused.what());
    }
  }
  return history;
}

result<void> append_to_history(const std::filesystem::path& file, const history_entry& entry) {
  std::ofstream lines(file, std::ios::binary | std::ios::app);
  lines << line_of(entry) << "\n";
  lines.close();
  if (!lines)
    return fail(fault::unavailable, file.string() + ": cannot be written");
  return {};
}

result<std::vector<lost_figure>> losses(const std::vector<history_entry>& history, const history_entry& now,
                                        double share) {
  std::vector<lost_figure> lost;
  bool known = false;
  for (const auto& figure : headlines()) {
    const auto before = recorded(history, now, figure.name);
    const auto measured = now.figures.find(figure.name);
    if (before.empty() || measured == now.figures.end())
      continue;
    known = true;
    const double usual = before.median();
    const bool worse = figure.less_is_better ? measured->second > usual / (1 - share)
                                             : measured->second < usual * (1 - share);
    if (worse)
      lost.push_back({&figure, usual, measured->second});
  }
  if (!known)
    return fail(fault::not_found, "nothing was recorded on " + now.processor + " with " +
                                      std::to_string(now.cores) + " cores and " + now.instruction_set);
  return lost;
}

} // namespace winnow::bench
