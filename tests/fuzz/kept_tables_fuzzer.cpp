// Files of the cache: tables, transitions and indexes. Their checksum is added, as an input could not match
// it.
#include "models/catalogue/kept_table.hpp"
#include "models/files/file_digest.hpp"
#include "models/recall/kept_index.hpp"
#include "models/transitions/kept_transitions.hpp"
#include "tests/fuzz/memory_file.hpp"

#include <cstring>

namespace {

/// The stamp of the source that the input itself names, behind the number of its format.
winnow::file_stamp stamp_in(std::string_view content) {
  winnow::file_stamp stamp;
  constexpr std::size_t at = sizeof(std::uint64_t);
  if (content.size() >= at + sizeof stamp)
    std::memcpy(&stamp, content.data() + at, sizeof stamp);
  return stamp;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  if (size == 0)
    return 0;
  static fuzz::memory_file file;
  static const id_table items = [] {
    id_table ids;
    for (const auto* id : {"a", "b", "c", "d"})
      ids.insert(id);
    return ids;
  }();
  std::string content(fuzz::text_of(data + 1, size - 1));
  file_digest digest;
  digest.add_bytes(content);
  const auto stamp = stamp_in(content);
  const auto& path = file.put(content + digest.hex());
  if (data[0] % 3 == 0) {
    if (const auto table = read_kept_table(path, stamp))
      fuzz::require(table->columns.size() == table->width &&
                    table->values.size() == table->width * table->ids.size());
  } else if (data[0] % 3 == 1) {
    static_cast<void>(read_kept_transitions(path, stamp, items));
  } else {
    static_cast<void>(read_kept_index(path, "0123456789abcdef", items.size()));
  }
  return 0;
}
