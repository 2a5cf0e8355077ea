#pragma once

#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

/// The real programs on a bookshop of 300 books and 200 readers.
namespace winnow::test {

/// How a program ended and what it said.
struct program_end {
  int code = -1;
  std::string out, errors;
};

/// The invented shop's folder, made once for the test's process: interactions.csv and items.csv.
const std::filesystem::path& small_shop();

/// The files of a folder by their paths below it, with what is in them; without what training works on.
std::map<std::string, std::string> files_below(const std::filesystem::path& folder);

/// Runs programs of this build in a folder of their own, and keeps what they make until its end.
class train_program {
public:
  /// A path in the folder.
  std::filesystem::path in(const std::string& name) const;

  /// Runs one to its end. @param arguments For the shell.
  program_end run(const std::string& program, const std::string& arguments) const;

  /// winnow-train with few epochs on the small shop, into `out`. @param more Flags, which win over those few.
  program_end train(const std::string& out, const std::string& more = {}) const;

  /// The same, but interrupted as soon as it says `mark`. @return How it ended.
  program_end train_and_interrupt(const std::string& out, const std::string& more,
                                  const std::string& mark) const;

private:
  std::unique_ptr<child_process> start(const std::string& program, const std::string& arguments) const;
  program_end end_of(child_process& process) const;
  std::string on_small_shop(const std::string& out, const std::string& more) const;

  temp_dir directory_;
};

} // namespace winnow::test
