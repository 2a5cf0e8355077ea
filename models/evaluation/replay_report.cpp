#include "models/evaluation/replay_report.hpp"

#include "models/evaluation/printed_text.hpp"

#include <ctime>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

std::string date_of(std::int64_t time) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

/// When a slice begins.
std::int64_t begin_of(const replay_result& of, std::size_t slice) {
  const auto slices = static_cast<std::int64_t>(of.runs.front().slices.size());
  return of.begin + (of.end - of.begin) * static_cast<std::int64_t>(slice) / slices;
}

void print_row(std::string& text, const std::string& name, const replay_quality& frozen,
               const replay_quality& live) {
  print(text, "%-14s %9zu %10.4f %8.4f %10.4f %8.4f\n", name.c_str(), live.events, frozen.hit_rate(),
        live.hit_rate(), frozen.ndcg(), live.ndcg());
}

ordered_json quality_json(const replay_quality& of) {
  return {{"events", of.events}, {"hit_rate", of.hit_rate()}, {"ndcg", of.ndcg()}};
}

ordered_json run_json(const replay_result& of, const replay_run& run) {
  auto slices = ordered_json::array();
  for (std::size_t at = 0; at < run.slices.size(); ++at) {
    auto slice = quality_json(run.slices[at]);
    slice["begin"] = begin_of(of, at);
    slices.push_back(std::move(slice));
  }
  return {{"name", run.name},
          {"all", quality_json(run.all)},
          {"known_items", quality_json(run.known_items)},
          {"new_items", quality_json(run.new_items)},
          {"known_users", quality_json(run.known_users)},
          {"new_users", quality_json(run.new_users)},
          {"over_time", std::move(slices)},
          {"adopted_items", run.adopted},
          {"seconds", run.seconds},
          {"events_per_second", static_cast<double>(of.told) / run.seconds}};
}

} // namespace

std::string replay_table(const replay_result& of, const evaluation_subject& subject) {
  const auto& frozen = of.runs.front();
  const auto& live = of.runs.back();
  std::string text;
  print(text, "models    %s, version %s, widths %zu > %zu > %zu\n", subject.model_dir.c_str(),
        subject.model_version.c_str(), of.widths.candidates, of.widths.din_keep, of.widths.ranknet_keep);
  print(text, "data      %s, %s\n", subject.data.c_str(), subject.split.c_str());
  print(text, "told      %zu events from %s to %s; the models know %zu users and %zu items\n", of.told,
        date_of(of.begin).c_str(), date_of(of.end).c_str(), of.users, of.items);
  print(text, "speed     frozen %.0f events/s, live %.0f, with the lists; %zu items adopted\n",
        static_cast<double>(of.told) / frozen.seconds, static_cast<double>(of.told) / live.seconds,
        live.adopted);
  print(text, "\n%-14s %9s %19s %19s\n", ("best " + std::to_string(of.k)).c_str(), "", "HR", "NDCG");
  print(text, "%-14s %9s %10s %8s %10s %8s\n", "", "events", "frozen", "live", "frozen", "live");
  print_row(text, "all", frozen.all, live.all);
  print_row(text, "known items", frozen.known_items, live.known_items);
  print_row(text, "new items", frozen.new_items, live.new_items);
  print_row(text, "known users", frozen.known_users, live.known_users);
  print_row(text, "new users", frozen.new_users, live.new_users);
  text += "\n";
  for (std::size_t at = 0; at < live.slices.size(); ++at)
    print_row(text, "from " + date_of(begin_of(of, at)), frozen.slices[at], live.slices[at]);
  return text;
}

std::string replay_json(const replay_result& of, const evaluation_subject& subject) {
  auto runs = ordered_json::array();
  for (const auto& run : of.runs)
    runs.push_back(run_json(of, run));
  const ordered_json document{{"model_dir", subject.model_dir},
                              {"model_version", subject.model_version},
                              {"data", subject.data},
                              {"replay", subject.split},
                              {"begin", of.begin},
                              {"end", of.end},
                              {"told", of.told},
                              {"users", of.users},
                              {"items", of.items},
                              {"k", of.k},
                              {"runs", std::move(runs)}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

} // namespace winnow
