#include "models/files/file_snapshot.hpp"

#include "models/files/file_digest.hpp"

namespace winnow {

namespace {

/// An unreadable file has an empty digest.
std::string digest_of(const std::filesystem::path& file) {
  file_digest digest;
  return digest.add(file) ? digest.hex() : std::string();
}

} // namespace

file_snapshot::file_snapshot(const std::vector<std::filesystem::path>& files,
                             std::chrono::nanoseconds at_rest) {
  for (const auto& file : files)
    entries_.push_back({file, stamp_of(file), std::nullopt});
  for (auto& one : entries_)
    if (one.stamp && !one.stamp->at_rest(at_rest))
      one.digest = digest_of(one.file);
}

std::optional<std::filesystem::path> file_snapshot::changed() const {
  for (const auto& one : entries_)
    if (stamp_of(one.file) != one.stamp || (one.digest && digest_of(one.file) != *one.digest))
      return one.file;
  return std::nullopt;
}

} // namespace winnow
