#include "models/recall/kept_index.hpp"

#include "models/files/file_digest.hpp"
#include "models/files/input_file.hpp"
#include "models/files/output_file.hpp"

#include <algorithm>
#include <cstring>

namespace winnow {

namespace {

// Must change with the format. A machine with the other byte order reads another number.
constexpr std::uint64_t form = 0x3158646E49546E57;

constexpr std::size_t key_bytes = 16;

/// The beginning of the file. The cluster of each row follows, then a checksum of everything before.
struct index_head {
  std::uint64_t form = 0;
  char key[key_bytes] = {};
  std::uint64_t rows = 0, clusters = 0;
  double deviations = 0, recall = 0, rows_share = 0;
};
static_assert(sizeof(index_head) == 64, "no padding, which would be written and checksummed too");

std::string checksum_of(std::string_view head, std::string_view body) {
  file_digest digest;
  digest.add_bytes(head);
  digest.add_bytes(body);
  return digest.hex();
}

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
  const auto front = bytes_of(&head, 1);
  const auto body = bytes_of(index.clusters.of_row.data(), index.clusters.of_row.size());
  const auto checksum = checksum_of(front, body);
  return write_file(to, {front, body, checksum}, for_cache);
}

result<kept_index> read_kept_index(const std::filesystem::path& from, const std::string& key,
                                   std::size_t rows) {
  const auto damaged = [&](const char* what) { return fail(fault::malformed, from.string() + ": " + what); };
  constexpr std::uint64_t longest = std::uint64_t{1} << 34U;
  const auto bytes = read_file(from, longest);
  if (!bytes)
    return tl::unexpected(bytes.error());
  index_head head;
  if (bytes->size() < sizeof head)
    return damaged("cut off");
  std::memcpy(&head, bytes->data(), sizeof head);
  if (head.form != form)
    return damaged("written in another format version");
  if (head.rows != rows || std::string_view(head.key, key_bytes) != key)
    return damaged("built from other embeddings or for another list length");
  if (bytes->size() != sizeof head + rows * sizeof(std::uint32_t) + key_bytes)
    return damaged("cut off");
  const std::string_view all = *bytes;
  const auto body = all.substr(sizeof head, rows * sizeof(std::uint32_t));
  if (all.substr(sizeof head + body.size()) != checksum_of(all.substr(0, sizeof head), body))
    return damaged("its checksum does not match");
  kept_index index;
  index.clusters.count = head.clusters;
  index.clusters.of_row.resize(rows);
  std::memcpy(index.clusters.of_row.data(), body.data(), body.size());
  const auto& of_row = index.clusters.of_row;
  if (head.clusters > rows || std::any_of(of_row.begin(), of_row.end(),
                                          [&](std::uint32_t cluster) { return cluster >= head.clusters; }))
    return damaged("a row has no valid cluster");
  index.effort = {static_cast<float>(head.deviations), head.recall, head.rows_share};
  return index;
}

} // namespace winnow
