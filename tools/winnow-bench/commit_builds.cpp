#include "tools/winnow-bench/commit_builds.hpp"

#include "tools/support/child_process.hpp"
#include "tools/support/temp_dir.hpp"
#include "tools/winnow-bench/progress.hpp"

#include <fstream>
#include <iterator>
#include <vector>

namespace winnow::bench {

namespace {

constexpr std::chrono::hours longest_build{2};

struct ended_program {
  bool succeeded = false;
  std::string output; ///< Of both streams, without the last line end.
};

ended_program run(std::vector<std::string> command) {
  const temp_dir directory;
  const auto path = directory.path() + "/output";
  child_process program(std::move(command), path);
  const auto code = program.wait(longest_build);
  std::ifstream file(path, std::ios::binary);
  ended_program ended{code == 0, {std::istreambuf_iterator<char>(file), {}}};
  if (!ended.output.empty() && ended.output.back() == '\n')
    ended.output.pop_back();
  return ended;
}

std::string end_of(const std::string& output) {
  constexpr std::size_t most = 2000;
  return output.size() > most ? "…" + output.substr(output.size() - most) : output;
}

} // namespace

result<commit_build> build_commit(const std::filesystem::path& repository, const std::string& commit,
                                  const std::filesystem::path& folder) {
  const auto found =
      run({"git", "-C", repository.string(), "rev-parse", "--verify", "--short=12", commit + "^{commit}"});
  if (!found.succeeded)
    return fail(fault::not_found, "commit " + commit + ": " + end_of(found.output));
  const auto source = std::filesystem::absolute(folder) / found.output;
  const auto build = source / "build" / "release";
  print_progress("building winnowd of " + found.output + " in " + source.string());
  std::vector<std::vector<std::string>> steps;
  if (!std::filesystem::exists(source))
    steps.push_back(
        {"git", "-C", repository.string(), "worktree", "add", "--detach", source.string(), found.output});
  steps.push_back({"cmake", "-S", source.string(), "--preset", "release"});
  steps.push_back({"cmake", "--build", build.string(), "--target", "winnowd"});
  for (auto& step : steps)
    if (const auto done = run(std::move(step)); !done.succeeded)
      return fail(fault::internal, "commit " + found.output + ": " + end_of(done.output));
  return commit_build{found.output, build / "bin" / "winnowd"};
}

std::string checked_out_commit(const std::filesystem::path& repository) {
  const auto found = run({"git", "-C", repository.string(), "rev-parse", "--short=12", "HEAD"});
  if (!found.succeeded)
    return "";
  const bool changed = !run({"git", "-C", repository.string(), "diff", "--quiet", "HEAD"}).succeeded;
  return found.output + (changed ? "+" : "");
}

} // namespace winnow::bench
