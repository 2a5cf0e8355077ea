#pragma once

#include "tools/winnow-bench/synthetic_catalogue.hpp"

#include "config/error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace winnow::bench {

/// Writes everything except the checkpoints. `meta.json` is written last and marks the rest as complete.
result<void> write_deployment(const std::filesystem::path& dir, const synthetic_catalogue& catalogue,
                              const synthetic_users& users, const std::string& meta);

/// Reads `profiles.tsv`; each line holds a user, a tab and a JSON array. @return `io_error`, `malformed`.
result<void> read_profiles(const std::filesystem::path& file, std::vector<std::string>& users,
                           std::vector<std::string>& profiles);

} // namespace winnow::bench
