#include "models/recall/kept_index.hpp"

#include "models/files/checked_file.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Must change with the format. A machine with the other byte order reads another number.
constexpr std::uint64_t form = 0x3158646E49546E57;

constexpr std::size_t key_bytes = 16;

/// The beginning of the file. The cluster of each row follows.
struct index_head {
  std::uint64_t form = 0;
  char key[key_bytes] = {};
  std::uint64_t rows = 0, clusters = 0;
  double deviations = 0, recall = 0, rows_share = 0;
};
static_assert(sizeof(index_head) == 64, "no padding, which would be written and checksummed too");

} // namespace

result<void> keep_index(const std::filesystem::path& to, const std::string& key, const kept_index& index) {
  index_head head;
  head.form = form;
  key.copy(head.key, key_bytes);
  head.rows = index.clusters.of_row.size();
  head.clusters = index.clusters.count;
  head.deviations = index.effort.deviations;
  head.recall = index.effort.recall;
  head.rows_share = index.effort.rows_share;
  const auto& of_row = index.clusters.of_row;
  return write_checked(to, {bytes_of(&head, 1), bytes_of(of_row.data(), of_row.size())});
}

result<kept_index> read_kept_index(const std::filesystem::path& from, const std::string& key,
                                   std::size_t rows) {
  auto file = checked_file::open(from);
  if (!file)
    return tl::unexpected(file.error());
  index_head head;
  if (!file->fill_value(head))
    return file->refuse("cut off");
  if (head.form != form)
    return file->refuse("written in another format version");
  if (head.rows != rows || std::string_view(head.key, key_bytes) != key)
    return file->refuse("built from other embeddings or for another list length");
  if (file->file_size() != checked_file::size_with_checksum(sizeof head + rows * sizeof(std::uint32_t)))
    return file->refuse("cut off");
  kept_index index;
  auto& of_row = index.clusters.of_row;
  of_row.resize(rows);
  if (!file->fill(of_row))
    return file->refuse("cut off");
  if (!file->ends_as_checked())
    return file->refuse("its checksum does not match");
  index.clusters.count = head.clusters;
  if (head.clusters > rows || std::any_of(of_row.begin(), of_row.end(),
                                          [&](std::uint32_t cluster) { return cluster >= head.clusters; }))
    return file->refuse("a row has no valid cluster");
  index.effort = {static_cast<float>(head.deviations), head.recall, head.rows_share};
  return index;
}

} // namespace winnow
