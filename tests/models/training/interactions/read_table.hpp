#pragma once

#include "models/training/interactions/interaction_reader.hpp"
#include "tests/models/training/files.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::test {

/// `user item, user item@time`
inline std::string shown(const interaction_log& log) {
  std::string text;
  for (const auto& event : log.events)
    text += (text.empty() ? "" : ", ") + std::string(log.users[event.user]) + " " +
            std::string(log.items[event.item]) + (log.has_times ? "@" + std::to_string(event.time) : "");
  return text;
}

/// What was read, or why nothing was, without the directory.
struct outcome {
  std::string pairs, totals, refusal;
  row_report report;
};

/// Reads interactions below a directory.
inline outcome read(const temp_dir& dir, const std::filesystem::path& path,
                    const reading_options& options = {}) {
  outcome got;
  const auto log = read_interactions(path, options, got.report);
  got.totals = got.report.totals();
  if (log)
    got.pairs = shown(*log);
  else
    got.refusal = log.error().message.substr(dir.path().size() + 1);
  return got;
}

/// Reads interactions from a file with this content.
inline outcome read(std::string_view content, const reading_options& options = {}) {
  const temp_dir dir;
  return read(dir, put(dir, "data", content), options);
}

inline reading_options with_columns(std::string_view text) {
  reading_options options;
  options.columns = need(parse_chosen_columns(text));
  return options;
}

inline id_table ids(const std::vector<std::string>& names) {
  id_table table;
  for (const auto& name : names)
    table.insert(name);
  return table;
}

} // namespace winnow::test
