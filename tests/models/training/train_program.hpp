#pragma once

#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

/// Runs the real programs on a bookshop of 300 books and 200 readers.
namespace winnow::test {

/// Exit code and output of a program.
struct program_end {
  int code = -1;
  std::string out, errors;
};

/// The folder of the invented shop with interactions.csv and items.csv, created once per test process.
const std::filesystem::path& small_shop();

/// The contents of all files of a folder by relative path, without the training draft.
std::map<std::string, std::string> files_below(const std::filesystem::path& folder);

/// Runs programs of this build in a temporary folder, which lives as long as the fixture.
class train_program {
public:
  /// A path inside the folder.
  std::filesystem::path in(const std::string& name) const;

  /// Runs a program until it ends. @param arguments Passed through the shell.
  program_end run(const std::string& program, const std::string& arguments) const;

  /// Runs winnow-train with few epochs on the small shop, into `out`. @param more Flags that override the
  /// defaults.
  program_end train(const std::string& out, const std::string& more = {}) const;

  /// Like `train`, but sends SIGINT as soon as the output contains `mark`.
  program_end train_and_interrupt(const std::string& out, const std::string& more,
                                  const std::string& mark) const;

private:
  std::unique_ptr<child_process> start(const std::string& program, const std::string& arguments) const;
  program_end end_of(child_process& process) const;
  std::string on_small_shop(const std::string& out, const std::string& more) const;

  temp_dir directory_;
};

} // namespace winnow::test
