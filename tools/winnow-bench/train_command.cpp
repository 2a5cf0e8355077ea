#include "tools/winnow-bench/beside_this_program.hpp"
#include "tools/winnow-bench/command.hpp"
#include "tools/winnow-bench/progress.hpp"
#include "tools/winnow-bench/synthetic_purchases.hpp"
#include "tools/winnow-bench/training_log.hpp"

#include "tools/support/child_process.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <thread>

namespace winnow::bench {

namespace {

using clock = std::chrono::steady_clock;

struct train_command_options {
  std::size_t interactions = 10'000'000;
  std::string program; ///< Empty: the one beside this program.
};

/// The greatest memory of a process so far, in MB; 0 once it has ended.
double peak_memory_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("VmHWM:", 0) == 0)
      return std::strtod(line.c_str() + 6, nullptr) / 1024;
  return 0;
}

struct training_record {
  training_log log;
  double seconds = 0;
  double peak_mb = 0;
};

/// Runs the program, and notes when each line of its output comes.
result<training_record> watch_training(const std::vector<std::string>& words,
                                       const std::filesystem::path& output) {
  constexpr auto look = std::chrono::milliseconds(100);
  training_record seen;
  const auto begun = clock::now();
  try {
    child_process training(words, output.string());
    std::ifstream lines(output);
    for (bool runs = true; runs;) {
      runs = !training.exit_code();
      seen.peak_mb = std::max(seen.peak_mb, peak_memory_of(training.pid()));
      seen.seconds = std::chrono::duration<double>(clock::now() - begun).count();
      for (std::string line; std::getline(lines, line);) {
        print_progress(line);
        seen.log.add(line, seen.seconds);
      }
      lines.clear();
      std::this_thread::sleep_for(look);
    }
    if (const auto code = *training.exit_code(); code != 0)
      return fail(fault::internal,
                  words.front() + " ended with " + std::to_string(code) + ", see " + output.string());
  } catch (const std::exception& failed) {
    return fail(fault::unavailable, words.front() + ": " + failed.what());
  }
  if (seen.log.validations().empty())
    return fail(fault::internal, words.front() + ": expected lines with a validation recall, got none");
  return seen;
}

result<void> run_train(const bench_options& options, const train_command_options& asked,
                       bench_report& report) {
  const auto dir = options.dir / "training";
  std::error_code failed;
  std::filesystem::create_directories(dir, failed);
  if (failed)
    return fail(fault::io_error, dir.string() + ": " + failed.message());
  const auto file = dir / "purchases.csv";
  print_progress("inventing " + std::to_string(asked.interactions) + " interactions");
  if (auto written = write_purchases(file, asked.interactions, options.users, options.items, options.seed);
      !written)
    return written;
  const auto program = asked.program.empty() ? beside_this_program("winnow-train") : asked.program;
  const auto seen = watch_training(
      {program, "--interactions", file.string(), "--out", (dir / "models").string(), "--stage", "lightgcn"},
      dir / "log");
  if (!seen)
    return tl::unexpected(seen.error());
  const auto best = seen->log.best();
  const auto near = seen->log.first_within(0.01);
  auto& section = report.section("training", "LightGCN from invented purchases, with the defaults");
  section.rows.emplace_back()
      .number("interactions", static_cast<double>(asked.interactions))
      .number("users", static_cast<double>(options.users))
      .number("items", static_cast<double>(options.items))
      .number("best recall", best.recall)
      .number("minutes to 99 % of it", near.seconds / 60)
      .number("after epoch", static_cast<double>(near.epoch))
      .number("minutes", seen->seconds / 60)
      .number("peak MB", seen->peak_mb);
  section.note =
      "The time begins with the program, so it includes reading the file. The recall is that of the "
      "validation items among the candidates.";
  return {};
}

} // namespace

bench_action declare_train(CLI::App& app) {
  const auto asked = std::make_shared<train_command_options>();
  app.add_option("--interactions", asked->interactions, "Number of interactions")
      ->check(CLI::Range(1'000, 1'000'000'000))
      ->capture_default_str();
  app.add_option("--program", asked->program,
                 "The winnow-train to measure; default: the one beside this program")
      ->check(CLI::ExistingFile);
  return [asked](const bench_options& options, bench_report& report) {
    return run_train(options, *asked, report);
  };
}

} // namespace winnow::bench
