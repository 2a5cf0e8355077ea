#include "config/text/quoted_text.hpp"
#include "tools/support/finished_output.hpp"
#include "tools/winnow-train/interrupt.hpp"
#include "tools/winnow-train/progress_display.hpp"
#include "tools/winnow-train/training_run.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <cstdio>
#include <filesystem>

namespace {

constexpr int try_again_later = 75; // EX_TEMPFAIL of sysexits.h

int exit_code_of(winnow::fault cause) {
  using namespace winnow;
  switch (cause) {
  case fault::internal:
    return exit_codes::software;
  case fault::invalid_argument:
    return exit_codes::config;
  case fault::io_error: // of an output alone, see `from_input`
    return exit_codes::io_error;
  case fault::unavailable: // a store that is away
  case fault::timeout:
    return exit_codes::unavailable;
  case fault::overloaded: // another training writes to the directory
    return try_again_later;
  default:
    return exit_codes::no_input;
  }
}

/// What winnowd still needs in a directory, and how to train it; empty if it can serve it. Each ranker is
/// trained on the stages before it, so that it must follow them.
const char* still_needed_in(const std::filesystem::path& out) {
  if (!std::filesystem::exists(out / "din/best_model.pth"))
    return "DIN and RankNet, trained on these models: --stage din, then --stage ranknet";
  if (!std::filesystem::exists(out / "ranknet/best_model.pth"))
    return "RankNet, trained on these models: --stage ranknet";
  return "";
}

} // namespace

int main(int argc, char** argv) {
  using namespace winnow;
  constexpr int stopped = 130; // a shell's exit code after Ctrl-C
  const auto request = read_train_options(argc, argv);
  if (!request.run)
    return finished_output("winnow-train", request.exit_code);
  catch_interrupts();
  ignore_lost_readers();
  progress_display display(stderr);
  const auto end = run_training(*request.run, display);
  if (!end) {
    std::fprintf(stderr, "winnow-train: %s\n", printable_text(end.error().message).c_str());
    return exit_code_of(end.error().cause);
  }
  if (end->how == run_end::interrupted) {
    std::fprintf(stderr, "winnow-train: stopped; run the same command with --resume to continue\n");
    return stopped;
  }
  const auto& out = request.run->out;
  if (end->is_first) {
    std::printf("%s: published version %s, the first; serve it with winnowd --model-dir %s\n", out.c_str(),
                end->version.c_str(), out.c_str());
    return finished_output("winnow-train", exit_codes::success);
  }
  if (!end->version.empty()) {
    std::printf("%s: published version %s; serve it with winnowctl models promote %s\n", out.c_str(),
                end->version.c_str(), end->version.c_str());
    return finished_output("winnow-train", exit_codes::success);
  }
  if (const std::string missing = still_needed_in(out); missing.empty())
    std::printf("%s: trained; serve it with winnowd --model-dir %s\n", out.c_str(), out.c_str());
  else
    std::printf("%s: trained; winnowd also needs %s\n", out.c_str(), missing.c_str());
  return finished_output("winnow-train", exit_codes::success);
}
