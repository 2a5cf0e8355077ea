#include "models/recall/recall_index.hpp"

#include "config/log/log.hpp"
#include "models/files/file_digest.hpp"
#include "models/recall/kept_index.hpp"

#include <cmath>
#include <cstdio>
#include <string>

namespace winnow {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t sampled_users = 512;

// Must change with every change that builds a different index from the same embeddings.
constexpr const char* method = "winnow index 1";

/// Returns the embeddings of evenly spaced users.
std::vector<float> sample_users(const stored_rows& users) {
  const std::size_t all = users.rows(), count = std::min(all, sampled_users);
  std::vector<float> sample, room(users.width());
  for (std::size_t i = 0; i < count; ++i) {
    const auto user = users.row(i * all / count, room);
    sample.insert(sample.end(), user.begin(), user.end());
  }
  return sample;
}

/// Returns a digest of everything that an index depends on.
std::string key_of(const embedding_table& items, const std::vector<float>& users, std::size_t clusters,
                   std::size_t count) {
  file_digest digest;
  for (const auto& text :
       {std::string(method), std::to_string(items.width()), std::to_string(clusters), std::to_string(count)})
    digest.add_bytes(text + "\n");
  const auto& values = items.table()->values;
  digest.add_bytes(bytes_of(values.data(), values.size()));
  digest.add_bytes(bytes_of(users.data(), users.size()));
  return digest.hex();
}

/// Returns the file of the index; empty if there is no directory to keep it in.
fs::path file_in(const fs::path& directory) {
  std::error_code none;
  if (directory.empty())
    return {};
  fs::create_directory(directory, none);
  return fs::is_directory(directory, none) ? directory / "item_embeddings.index" : fs::path();
}

result<kept_index> read_kept(const fs::path& file, const std::string& key, std::size_t rows) {
  if (file.empty())
    return fail(fault::not_found, "there is no directory to keep indexes in");
  auto kept = read_kept_index(file, key, rows);
  if (!kept && kept.error().cause != fault::not_found)
    log_event(log_level::warning, "models", "kept index not used", {{"reason", kept.error().message}});
  return kept;
}

} // namespace

std::string describe_retrieval(const recall_index* index) {
  if (index == nullptr)
    return "exact";
  char text[64];
  std::snprintf(text, sizeof text, "approximate, recall %.3f", index->effort.recall);
  return text;
}

result<std::shared_ptr<const recall_index>> prepare_index(const embedding_table& items,
                                                          const stored_rows& users, std::size_t count,
                                                          const fs::path& directory,
                                                          const std::atomic<bool>& stop) {
  const auto stopped = fail(fault::unavailable, "stopped");
  if (!std::isfinite(items.screen().greatest_norm()))
    return fail(fault::unsupported, "an item's embedding is too large to be multiplied");
  const auto sample = sample_users(users);
  const std::size_t clusters = cluster_count_for(items.rows());
  const auto key = key_of(items, sample, clusters, count);
  const auto file = file_in(directory);
  auto kept = read_kept(file, key, items.rows());
  const bool was_kept = kept.has_value();
  if (!was_kept) {
    auto found = cluster_rows(*items.table(), clusters, stop);
    if (!found)
      return stopped;
    kept = kept_index{std::move(*found), {}};
  }
  auto rows = approximate_index::build(items, kept->clusters, stop);
  if (!rows)
    return stopped;
  if (!was_kept) {
    const auto effort = choose_effort(*rows, items, sample, count, stop);
    if (!effort)
      return tl::unexpected(effort.error());
    kept->effort = *effort;
    if (const auto written = file.empty() ? result<void>() : keep_index(file, key, *kept); !written)
      log_event(log_level::warning, "models", "index not kept", {{"reason", written.error().message}});
  }
  return std::make_shared<const recall_index>(recall_index{std::move(*rows), kept->effort, was_kept});
}

} // namespace winnow
