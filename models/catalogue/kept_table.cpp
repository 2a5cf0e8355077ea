#include "models/catalogue/kept_table.hpp"

#include "config/log/log.hpp"
#include "models/files/file_digest.hpp"
#include "models/files/sealed_file.hpp"

#include <algorithm>
#include <cstring>

namespace winnow {

namespace {

// Identifies the file format, and how ids are read from the source; change it with every change of these. A
// machine with the other byte order also reads a different number.
constexpr std::uint64_t form = 0x33656C6261546E57;

/// The beginning of the file. It is followed by the parts, each of which begins on a cache line: the
/// zero-terminated column names, the ends of the ids, the slots by which they are found, the ids, and the
/// numbers.
struct table_head {
  std::uint64_t form = 0;
  file_stamp source;
  std::uint64_t rows = 0, width = 0, name_bytes = 0, slots = 0, id_bytes = 0, ids_digest = 0;
  std::uint32_t number_bytes = 0; ///< 4, or 2 in half precision.
  float unit = 1;                 ///< Of numbers in half precision.
};
static_assert(sizeof(table_head) == 104, "no padding, which would be written and checksummed too");

constexpr std::size_t alignment = 64;

constexpr std::uint64_t aligned(std::uint64_t bytes) {
  return (bytes + alignment - 1) / alignment * alignment;
}

/// Where each part begins, and the end of the last.
struct table_parts {
  std::uint64_t names, ends, slots, ids, numbers, end;

  explicit table_parts(const table_head& head)
      : names(aligned(sizeof head)), ends(aligned(names + head.name_bytes)),
        slots(aligned(ends + (head.rows + 1) * sizeof(std::uint64_t))),
        ids(aligned(slots + head.slots * sizeof(id_table::index))), numbers(aligned(ids + head.id_bytes)),
        end(numbers + head.rows * head.width * head.number_bytes) {}
};

/// Whether the size of the file agrees with the head. No product or sum here overflows.
bool fits(const table_head& head, std::uint64_t size) {
  if (head.rows > size || head.name_bytes > size || head.id_bytes > size || head.slots > size ||
      head.width > size || (head.width > 0 && head.rows > size / head.width))
    return false;
  if (head.number_bytes != sizeof(float) && head.number_bytes != sizeof(std::uint16_t))
    return false;
  return (head.slots & (head.slots - 1)) == 0 && (head.slots > 0 || head.rows == 0) &&
         table_parts(head).end == size;
}

std::vector<std::string> split_names(std::string_view names) {
  std::vector<std::string> columns;
  while (!names.empty()) {
    columns.emplace_back(names.substr(0, names.find('\0')));
    names.remove_prefix(std::min(columns.back().size() + 1, names.size()));
  }
  return columns;
}

/// The numbers of a part. Mapped files and parts begin on cache lines.
template<class T>
gsl::span<const T> numbers_at(std::string_view body, std::uint64_t at, std::uint64_t count) {
  return {reinterpret_cast<const T*>(body.data() + at), count};
}

/// Whether the ids lie in their text one after the other, and every slot names one of them.
bool are_ids(const id_table& ids) {
  const auto ends = ids.ends();
  const auto slots = ids.slots();
  const auto index_bits = static_cast<id_table::index>(slots.size() - 1);
  const auto used = std::count_if(slots.begin(), slots.end(), [](auto slot) { return slot != 0; });
  return ends[0] == 0 && ends[ends.size() - 1] == ids.text().size() &&
         std::is_sorted(ends.begin(), ends.end()) && static_cast<std::size_t>(used) == ids.size() &&
         std::all_of(slots.begin(), slots.end(),
                     [&](auto slot) { return slot == 0 || (slot & index_bits) - 1 < ids.size(); });
}

result<void> keep(const std::filesystem::path& to, const file_stamp& source, const id_table& ids,
                  const std::vector<std::string>& columns, table_head head, std::string_view numbers) {
  std::string names;
  for (const auto& name : columns)
    names.append(name).push_back('\0');
  head.form = form;
  head.source = source;
  head.rows = ids.size();
  head.name_bytes = names.size();
  head.slots = static_cast<std::uint64_t>(ids.slots().size());
  head.id_bytes = ids.text().size();
  head.ids_digest = ids.digest();
  const table_parts at(head);
  std::vector<std::string_view> parts;
  std::uint64_t written = 0;
  static constexpr char zeros[alignment] = {};
  const auto add = [&](std::uint64_t begin, std::string_view bytes) {
    parts.emplace_back(zeros, begin - written);
    parts.push_back(bytes);
    written = begin + bytes.size();
  };
  const auto ends = ids.ends();
  const auto slots = ids.slots();
  add(0, bytes_of(&head, 1));
  add(at.names, names);
  add(at.ends, bytes_of(ends.data(), head.rows + 1));
  add(at.slots, bytes_of(slots.data(), head.slots));
  add(at.ids, ids.text());
  add(at.numbers, numbers);
  return write_sealed(to, parts);
}

/// A mapped table whose head fits.
struct mapped_table {
  sealed_file file;
  table_head head;
  table_parts at;
  id_table ids;
  std::vector<std::string> columns;

  template<class T>
  number_array<T> numbers() const {
    return {numbers_at<T>(file.body(), at.numbers, head.rows * head.width), file.file()};
  }
};

result<mapped_table> map_table(const std::filesystem::path& from, const file_stamp& source) {
  auto file = sealed_file::open(from);
  if (!file)
    return tl::unexpected(file.error());
  const auto body = file->body();
  table_head head;
  if (body.size() < sizeof head)
    return file->refuse("cut off");
  std::memcpy(&head, body.data(), sizeof head);
  if (head.form != form)
    return file->refuse("written in another format version");
  if (head.source != source)
    return file->refuse("the source file has changed");
  if (!fits(head, body.size()))
    return file->refuse("cut off");
  const table_parts at(head);
  auto columns = split_names(body.substr(at.names, head.name_bytes));
  if (columns.size() != head.width)
    return file->refuse("its parts do not fit each other");
  id_table ids({body.substr(at.ids, head.id_bytes), numbers_at<std::uint64_t>(body, at.ends, head.rows + 1),
                numbers_at<id_table::index>(body, at.slots, head.slots), head.ids_digest, file->file()});
  return mapped_table{std::move(*file), head, at, std::move(ids), std::move(columns)};
}

void lock_in_memory(const sealed_file& file) {
  if (const auto locked = file.file()->lock(); !locked)
    log_event(log_level::warning, "models", "table not kept in memory", {{"reason", locked.error().message}});
}

} // namespace

result<void> keep_table(const std::filesystem::path& to, const file_stamp& source, const float_table& table) {
  table_head head;
  head.width = table.width;
  head.number_bytes = sizeof(float);
  return keep(to, source, table.ids, table.columns, head, bytes_of(table.values.data(), table.values.size()));
}

result<void> keep_rows(const std::filesystem::path& to, const file_stamp& source, const row_table& table) {
  const auto& rows = table.rows;
  const bool half = rows.precision() == table_precision::half;
  table_head head;
  head.width = rows.width();
  head.number_bytes = half ? sizeof(std::uint16_t) : sizeof(float);
  head.unit = rows.unit();
  return keep(to, source, table.ids, table.columns, head,
              half ? bytes_of(rows.halves().data(), rows.halves().size())
                   : bytes_of(rows.floats().data(), rows.floats().size()));
}

result<float_table> read_kept_table(const std::filesystem::path& from, const file_stamp& source, bool lock) {
  auto mapped = map_table(from, source);
  if (!mapped)
    return tl::unexpected(mapped.error());
  auto& [file, head, at, ids, columns] = *mapped;
  if (head.number_bytes != sizeof(float))
    return file.refuse("kept in another precision");
  if (lock)
    lock_in_memory(file);
  if (!file.is_whole())
    return file.refuse("its checksum does not match");
  if (!are_ids(ids))
    return file.refuse("its parts do not fit each other");
  return float_table{std::move(ids), std::move(columns), head.width, mapped->numbers<float>()};
}

result<row_table> read_kept_rows(const std::filesystem::path& from, const file_stamp& source,
                                 table_precision wanted, bool lock) {
  auto mapped = map_table(from, source);
  if (!mapped)
    return tl::unexpected(mapped.error());
  auto& [file, head, at, ids, columns] = *mapped;
  if ((wanted == table_precision::half) != (head.number_bytes == sizeof(std::uint16_t)))
    return file.refuse("kept in another precision");
  if (lock)
    lock_in_memory(file);
  if (!(lock ? file.is_whole() : file.seems_whole()))
    return file.refuse("its checksum does not match");
  file.file()->expect_random_reads();
  auto rows = wanted == table_precision::half
                  ? stored_rows(head.width, mapped->numbers<std::uint16_t>(), head.unit)
                  : stored_rows(head.width, mapped->numbers<float>());
  return row_table{std::move(ids), std::move(columns), std::move(rows)};
}

} // namespace winnow
