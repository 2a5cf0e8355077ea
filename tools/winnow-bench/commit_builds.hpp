#pragma once

#include "config/error.hpp"

#include <filesystem>
#include <string>

namespace winnow::bench {

/// The winnowd of a commit.
struct commit_build {
  std::string commit; ///< Abbreviated hash.
  std::filesystem::path program;
};

/// Checks the commit out into a worktree of its own below `folder` and builds its winnowd there, with the
/// preset `release`. Worktrees stay, so that a second run has nothing to build.
/// @param repository A folder of the git repository. @param commit Anything that git understands.
/// @return `not_found` if git does not know the commit; `internal` with the end of the output if the build
/// fails.
result<commit_build> build_commit(const std::filesystem::path& repository, const std::string& commit,
                                  const std::filesystem::path& folder);

/// The abbreviated hash of what is checked out, with `+` behind it if files have changed; empty outside of a
/// repository.
std::string checked_out_commit(const std::filesystem::path& repository);

} // namespace winnow::bench
