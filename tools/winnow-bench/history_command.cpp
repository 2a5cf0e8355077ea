#include "tools/winnow-bench/closed_loop.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/commit_builds.hpp"
#include "tools/winnow-bench/comparison.hpp"
#include "tools/winnow-bench/poller_run.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/run_history.hpp"
#include "tools/winnow-bench/stages.hpp"

#include <fstream>

namespace winnow::bench {

namespace {

struct history_options {
  std::filesystem::path file = "tests/bench/history.jsonl";
  std::filesystem::path repository = ".";
  std::filesystem::path plot;
  std::vector<std::string> commits;
  bool check = false;
  double allowed_loss = 0.15;
};

/// Measures what the headline figures are made of.
result<void> measure_headlines(const bench_options& options, bench_report& report) {
  const auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  CLI::App unparsed;
  if (auto done = declare_limits(unparsed)(options, report); !done)
    return done;
  if (auto done = measure_stages(options, {16}, report); !done)
    return done;
  closed_loop closed(options, *data);
  if (auto done = compare(closed, *data, nullptr, {{1, 64}}); !done)
    return done;
  closed.report(report);
  using start = poller_run::start;
  poller_run poller(options, *data);
  if (auto done = poller.run({{start::changes, 1}, {start::changes, 2}}); !done)
    return done;
  poller.report(report);
  return {};
}

void report_figures(const history_entry& entry, bench_report& report) {
  auto& section = report.section("history", "Headline figures");
  for (const auto& figure : headlines())
    if (const auto found = entry.figures.find(figure.name); found != entry.figures.end()) {
      report_row row;
      row.text("what", figure.what).number("measured", found->second);
      section.rows.push_back(std::move(row));
    }
}

result<void> draw(const history_options& chosen) {
  const auto history = read_history(chosen.file);
  if (!history)
    return tl::unexpected(history.error());
  std::ofstream file(chosen.plot, std::ios::binary);
  file << draw_history(*history);
  file.close();
  if (!file)
    return fail(fault::unavailable, chosen.plot.string() + ": cannot be written");
  return {};
}

result<void> record(const history_options& chosen, const bench_options& options, bench_report& report) {
  if (auto readable = read_history(chosen.file); !readable) // before the minutes of measuring
    return tl::unexpected(readable.error());
  if (auto done = measure_headlines(options, report); !done)
    return done;
  const auto entry =
      entry_of_now(checked_out_commit(chosen.repository), headline_figures(report, options.items));
  report_figures(entry, report);
  return append_to_history(chosen.file, entry);
}

std::string text_of(const std::vector<lost_figure>& lost) {
  std::string text;
  for (const auto& each : lost)
    text += (text.empty() ? "" : "; ") + std::string(each.figure->what) + " was " +
            number_text(each.recorded) + ", is " + number_text(each.now);
  return text;
}

/// Measures the stages, and compares with what was recorded on this kind of processor. A loss must show in
/// each of three tries, as disturbances only ever make a try worse.
result<void> check(const history_options& chosen, const bench_options& options, bench_report& report) {
  const auto history = read_history(chosen.file);
  if (!history)
    return tl::unexpected(history.error());
  constexpr int tries = 3;
  std::string last;
  for (int i = 0; i < tries; ++i) {
    bench_report of_try("history");
    if (auto done = measure_stages(options, {16}, of_try); !done)
      return done;
    const auto now = entry_of_now("", headline_figures(of_try, options.items));
    const auto lost = losses(*history, now, chosen.allowed_loss);
    if (!lost && lost.error().cause != fault::not_found)
      return tl::unexpected(lost.error());
    if (!lost)
      print_progress(chosen.file.string() + ": " + lost.error().message +
                     "; `winnow-bench history` records it");
    if (!lost || lost->empty()) {
      report_figures(now, report);
      return {};
    }
    last = text_of(*lost);
    print_progress("try " + std::to_string(i + 1) + " of " + std::to_string(tries) + ": " + last);
  }
  return fail(fault::internal, "slower than " + chosen.file.string() + " allows: " + last);
}

result<void> compare_commits(const history_options& chosen, const bench_options& options,
                             bench_report& report) {
  const auto data = prepare_deployment(options);
  if (!data)
    return tl::unexpected(data.error());
  closed_loop closed(options, *data);
  std::vector<std::string> names;
  for (const auto& commit : chosen.commits) {
    const auto built = build_commit(chosen.repository, commit, options.dir / "commits");
    if (!built)
      return tl::unexpected(built.error());
    auto recipe = winnowd_recipe(*data, {}, built->program);
    names.push_back(recipe.name += " " + built->commit);
    if (auto added = closed.add(std::move(recipe), {1, 64}); !added)
      return added;
  }
  if (auto done = closed.run(); !done)
    return done;
  closed.report(report);
  report_ratios(names.front(), names.back(), report);
  return {};
}

} // namespace

bench_action declare_history(CLI::App& app) {
  const auto chosen = std::make_shared<history_options>();
  app.add_option("--file", chosen->file, "The history: a line for each run")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--repository", chosen->repository, "The repository of the commits")
      ->type_name("DIR")
      ->capture_default_str();
  auto* plot = app.add_option("--plot", chosen->plot, "Only draw the history as SVG")->type_name("FILE");
  auto* compare =
      app.add_option("--compare", chosen->commits, "Only build two commits and measure them in turns")
          ->type_name("A B")
          ->expected(2)
          ->excludes(plot);
  app.add_flag("--check", chosen->check,
               "Only measure the stages; fails if they lost more than --allowed-loss against what was "
               "recorded on this kind of processor")
      ->excludes(plot)
      ->excludes(compare);
  app.add_option("--allowed-loss", chosen->allowed_loss, "The share that a figure may lose")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  return [chosen](const bench_options& options, bench_report& report) -> result<void> {
    if (!chosen->plot.empty())
      return draw(*chosen);
    if (!chosen->commits.empty())
      return compare_commits(*chosen, options, report);
    return chosen->check ? check(*chosen, options, report) : record(*chosen, options, report);
  };
}

} // namespace winnow::bench
