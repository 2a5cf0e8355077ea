#include "models/catalogue/kept_table.hpp"

#include "models/files/checked_file.hpp"

namespace winnow {

namespace {

// Identifies the file format; change it with every change of the format. A machine with the other byte order
// also reads a different number.
constexpr std::uint64_t form = 0x31656C6261546E57;

/// The beginning of the file. It is followed by the zero-terminated column names, the lengths of the ids, the
/// ids, and the values.
struct table_head {
  std::uint64_t form = 0;
  file_stamp source;
  std::uint64_t rows = 0, width = 0, name_bytes = 0, id_bytes = 0;
};

/// Whether the file size agrees with the head. No product or sum here overflows.
bool fits(const table_head& head, std::uint64_t size) {
  if (head.rows > size || head.name_bytes > size || head.id_bytes > size || head.width > size ||
      (head.width > 0 && head.rows > size / head.width))
    return false;
  return size ==
         checked_file::size_with_checksum(sizeof head + head.name_bytes + head.id_bytes +
                                          head.rows * (sizeof(std::uint32_t) + head.width * sizeof(float)));
}

std::vector<std::string> split_names(const std::string& names) {
  std::vector<std::string> columns;
  for (std::size_t at = 0; at < names.size(); at += columns.back().size() + 1)
    columns.emplace_back(names.c_str() + at);
  return columns;
}

/// Returns whether the lengths are those of different ids that fill the text.
bool take_ids(std::string_view text, const std::vector<std::uint32_t>& lengths, id_table& ids) {
  ids.reserve(lengths.size());
  for (const auto length : lengths) {
    if (length > text.size() || !ids.insert(text.substr(0, length)).second)
      return false;
    text.remove_prefix(length);
  }
  return text.empty();
}

} // namespace

result<void> keep_table(const std::filesystem::path& to, const file_stamp& source, const float_table& table) {
  std::string names, ids;
  for (const auto& name : table.columns)
    names.append(name).push_back('\0');
  std::vector<std::uint32_t> lengths;
  for (std::size_t i = 0; i < table.ids.size(); ++i) {
    lengths.push_back(static_cast<std::uint32_t>(table.ids[i].size()));
    ids.append(table.ids[i]);
  }
  const table_head head{form, source, table.ids.size(), table.width, names.size(), ids.size()};
  return write_checked(to, {bytes_of(&head, 1), names, bytes_of(lengths.data(), lengths.size()), ids,
                            bytes_of(table.values.data(), table.values.size())});
}

result<float_table> read_kept_table(const std::filesystem::path& from, const file_stamp& source) {
  auto file = checked_file::open(from);
  if (!file)
    return tl::unexpected(file.error());
  table_head head;
  if (!file->fill_value(head))
    return file->refuse("cut off");
  if (head.form != form)
    return file->refuse("written in another format version");
  if (head.source != source)
    return file->refuse("the source file has changed");
  if (!fits(head, file->file_size()))
    return file->refuse("cut off");

  float_table table;
  table.width = head.width;
  table.values.resize(head.rows * head.width);
  std::string names(head.name_bytes, '\0'), ids(head.id_bytes, '\0');
  std::vector<std::uint32_t> lengths(head.rows);
  if (!file->fill(names) || !file->fill(lengths) || !file->fill(ids) || !file->fill(table.values))
    return file->refuse("cut off");
  if (!file->ends_as_checked())
    return file->refuse("its checksum does not match");
  table.columns = split_names(names);
  if (table.columns.size() != table.width || !take_ids(ids, lengths, table.ids))
    return file->refuse("its parts do not fit each other");
  return table;
}

} // namespace winnow
