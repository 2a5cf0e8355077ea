// Files of the cache: tables, transitions and indexes. Their checksum is added, as an input could not match
// it.
#include "models/catalogue/kept_table.hpp"
#include "models/files/file_digest.hpp"
#include "models/files/sealed_file.hpp"
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

void use_ids(const winnow::id_table& ids) {
  for (std::size_t at = 0; at < ids.size(); ++at)
    static_cast<void>(ids.find(ids[at]));
  static_cast<void>(ids.find("a"));
}

void use_table(const std::filesystem::path& path, const winnow::file_stamp& stamp) {
  const auto table = winnow::read_kept_table(path, stamp);
  if (!table)
    return;
  winnow::fuzz::require(table->columns.size() == table->width &&
                        table->values.size() == table->width * table->ids.size());
  use_ids(table->ids);
}

void use_rows(const std::filesystem::path& path, const winnow::file_stamp& stamp) {
  for (const auto precision : {winnow::table_precision::single, winnow::table_precision::half}) {
    const auto table = winnow::read_kept_rows(path, stamp, precision);
    if (!table)
      continue;
    winnow::fuzz::require(table->rows.width() == table->columns.size() &&
                          (table->rows.width() == 0 || table->rows.rows() == table->ids.size()));
    use_ids(table->ids);
    std::vector<float> room(table->rows.width());
    for (std::size_t at = 0; at < table->rows.rows(); ++at)
      static_cast<void>(table->rows.row(at, room));
  }
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
  const auto stamp = stamp_in(content);
  if (data[0] % 4 == 0 || data[0] % 4 == 3) {
    const std::string_view parts[] = {content};
    const auto& path = file.put(content + seal_of(parts));
    data[0] % 4 == 0 ? use_table(path, stamp) : use_rows(path, stamp);
    return 0;
  }
  file_digest digest;
  digest.add_bytes(content);
  const auto& path = file.put(content + digest.hex());
  if (data[0] % 4 == 1)
    static_cast<void>(read_kept_transitions(path, stamp, items));
  else
    static_cast<void>(read_kept_index(path, "0123456789abcdef", items.size()));
  return 0;
}
