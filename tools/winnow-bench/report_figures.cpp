#include "tools/winnow-bench/report_figures.hpp"

#include "tools/winnow-bench/comparison.hpp"

namespace winnow::bench {

namespace {

const report_row* row_where(const bench_report& report, const std::string& section, const conditions& all) {
  const auto* found = report.find(section);
  if (!found)
    return nullptr;
  for (const auto& row : found->rows) {
    bool fits = true;
    for (const auto& [name, text] : all)
      fits = fits && row.text_of(name) == text;
    if (fits)
      return &row;
  }
  return nullptr;
}

conditions load_of(const std::string& server, std::size_t items, std::size_t connections) {
  return {{"items", std::to_string(items)}, {"server", server}, {"connections", std::to_string(connections)}};
}

} // namespace

samples measured(const bench_report& report, const std::string& section, const conditions& all,
                 const std::string& column) {
  const auto* row = row_where(report, section, all);
  const auto* values = row ? row->find(column) : nullptr;
  return values ? *values : samples();
}

samples closed(const bench_report& report, const std::string& server, std::size_t items,
               std::size_t connections, const std::string& column) {
  return measured(report, "closed", load_of(server, items, connections), column);
}

samples poller_rate(const bench_report& report, std::size_t items, const char* workers) {
  return measured(report, "poller",
                  {{"items", std::to_string(items)}, {"case", "all profiles change"}, {"workers", workers}},
                  "profiles/s");
}

samples ranking_over_floor(const bench_report& report, const char* batch) {
  const conditions din{{"stage", "DIN"}, {"batch", batch}}, ranknet{{"stage", "RankNet"}, {"batch", batch}};
  const auto din_time = measured(report, "stages", din, "CPU us");
  const auto ranknet_time = measured(report, "stages", ranknet, "CPU us");
  const auto din_ratio = measured(report, "stages", din, "times the floor");
  const auto ranknet_ratio = measured(report, "stages", ranknet, "times the floor");
  const auto floors = sums(ratios(din_time, din_ratio), ratios(ranknet_time, ranknet_ratio));
  return ratios(sums(din_time, ranknet_time), floors);
}

double floor_of_request(const bench_report& report) {
  double sum = 0;
  for (const char* const stage : {"recall, the screen in bytes", "DIN", "RankNet"}) {
    const auto* row = row_where(report, "floor", {{"stage", stage}});
    if (!row)
      return 0;
    sum += row->number_of("least us");
  }
  for (const char* const part : {"HTTP", "Redis"}) {
    const auto cost = measured(report, "ceilings", {{"what", part}}, "all processors s/1000");
    if (cost.empty())
      return 0;
    sum += cost.median() * 1000;
  }
  return sum;
}

samples share_of_floor(const bench_report& report, std::size_t items) {
  samples shares;
  const double floor = floor_of_request(report);
  if (floor > 0)
    for (const double rate : closed(report, whole_winnowd, items, 64, "served/s").values)
      shares.add(rate * floor * 1e-6 / static_cast<double>(this_machine().cores));
  return shares;
}

} // namespace winnow::bench
