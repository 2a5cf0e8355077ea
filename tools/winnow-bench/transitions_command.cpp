#include "models/training/transition_fit.hpp"
#include "models/training/transition_writer.hpp"
#include "models/transitions/kept_transitions.hpp"
#include "models/transitions/transition_file.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/synthetic_histories.hpp"

#include <chrono>
#include <sys/resource.h>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;

struct transitions_options {
  std::size_t interactions = 10'000'000;
  std::size_t items = 50'000;
  std::size_t successors = transition_rules().most_successors;
  std::size_t threads = this_machine().cores;
};

double seconds_between(clock::time_point begin, clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

double peak_megabytes() {
  struct rusage used {};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024;
}

/// Notes when the search and the final count end.
struct fit_clock : training_observer {
  void begin_stage(std::string_view, std::size_t) override { begun = searched = clock::now(); }
  bool step(std::size_t, std::size_t, std::size_t) override { return true; }
  void end_epoch(std::size_t, double, const std::string& measured) override {
    searched = clock::now();
    print_progress(measured);
  }
  void end_stage(const std::string& summary) override {
    counted = clock::now();
    print_progress(summary);
  }
  bool wants_state() const override { return false; }
  void note(const std::string&) override {}

  clock::time_point begun, searched, counted;
};

/// The seconds of the phases, one value per repetition.
struct phase_times {
  samples search, count, write, all, read, keep, load;
};

result<void> measure(const interaction_split& data, const transition_fit_options& options,
                     const std::filesystem::path& file, thread_team& team, phase_times& times) {
  fit_clock fit;
  const auto fitted = fit_transitions(data, options, team, fit);
  const auto begun_writing = clock::now();
  if (auto written = write_transitions(file, data.items, fitted->counts); !written)
    return written;
  const auto written = clock::now();
  const auto parsed = read_transitions(file, data.items);
  if (!parsed)
    return tl::unexpected(parsed.error());
  const auto begun_keeping = clock::now();
  const auto kept = std::filesystem::path(file).replace_extension("table");
  const auto stamp = *stamp_of(file);
  if (auto done = keep_transitions(kept, stamp, data.items, *parsed); !done)
    return done;
  const auto begun_loading = clock::now();
  if (auto loaded = read_kept_transitions(kept, stamp, data.items); !loaded)
    return tl::unexpected(loaded.error());
  times.search.add(seconds_between(fit.begun, fit.searched));
  times.count.add(seconds_between(fit.searched, fit.counted));
  times.write.add(seconds_between(begun_writing, written));
  times.load.add(seconds_between(begun_loading, clock::now()));
  times.keep.add(seconds_between(begun_keeping, begun_loading));
  times.read.add(seconds_between(written, begun_keeping));
  times.all.add(seconds_between(fit.begun, written));
  return {};
}

result<void> run_transitions(const bench_options& options, const transitions_options& asked,
                             bench_report& report) {
  print_progress("inventing " + std::to_string(asked.interactions) + " interactions");
  const auto data = invent_histories(asked.interactions, asked.items, options.seed);
  const double before = peak_megabytes();
  thread_team team(asked.threads);
  transition_fit_options fit_options;
  fit_options.rules.most_successors = asked.successors;
  const auto file = options.dir / "transitions.csv";
  phase_times times;
  for (std::size_t repetition = 0; repetition < options.repetitions; ++repetition)
    if (auto measured = measure(data, fit_options, file, team, times); !measured)
      return measured;
  auto& section = report.section("transitions", "Transitions of " + std::to_string(data.train.size()) +
                                                    " interactions, " + std::to_string(data.train.users()) +
                                                    " users, " + std::to_string(asked.items) + " items, " +
                                                    std::to_string(asked.threads) + " threads");
  const auto add = [&](const char* phase, const samples& seconds) {
    section.rows.emplace_back().text("phase", phase).measured("seconds", seconds);
  };
  add("search of the settings", times.search);
  add("final count", times.count);
  add("writing the file", times.write);
  add("all of these", times.all);
  add("reading the file", times.read);
  add("writing it to a cache", times.keep);
  add("reading it from the cache", times.load);
  std::error_code none;
  section.note = "The file has " +
                 number_text(static_cast<double>(std::filesystem::file_size(file, none)) / (1U << 20U)) +
                 " MB. The memory of the process peaked at " + number_text(peak_megabytes()) + " MB, " +
                 number_text(before) + " MB of them before the measurement.";
  return {};
}

} // namespace

bench_action declare_transitions(CLI::App& app) {
  const auto asked = std::make_shared<transitions_options>();
  app.add_option("--interactions", asked->interactions, "Number of interactions, in histories of about 50")
      ->check(CLI::Range(1'000, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--items", asked->items, "Number of items in the catalogue")
      ->check(CLI::Range(200, 5'000'000))
      ->capture_default_str();
  app.add_option("--successors", asked->successors, "Number of successors that are kept for each item")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--threads", asked->threads, "Number of threads; default: one per core")
      ->check(CLI::Range(1, 1'024));
  return [asked](const bench_options& options, bench_report& report) {
    return run_transitions(options, *asked, report);
  };
}

} // namespace winnow::bench
