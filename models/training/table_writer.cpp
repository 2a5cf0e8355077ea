#include "models/training/table_writer.hpp"

#include "models/files/csv_field.hpp"
#include "models/files/output_file.hpp"

#include <charconv>

namespace winnow {

result<void> write_table(const std::filesystem::path& path, const std::string& id_column, const id_table& ids,
                         gsl::span<const table_part> parts) {
  auto file = output_file::create(path);
  if (!file)
    return tl::unexpected(file.error());
  std::string text = id_column;
  for (const auto& part : parts)
    for (const auto& column : part.columns)
      text += "," + csv_field(column);
  text += "\n";
  constexpr std::size_t flush_at = std::size_t{1} << 20U;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    text += csv_id(ids[row]);
    for (const auto& part : parts)
      for (std::size_t k = 0; k < part.columns.size(); ++k) {
        char number[32];
        const auto end =
            std::to_chars(number, number + sizeof number, part.values[row * part.stride + k]).ptr;
        text.push_back(',');
        text.append(number, static_cast<std::size_t>(end - number));
      }
    text.push_back('\n');
    if (text.size() < flush_at)
      continue;
    if (auto written = file->write(text); !written)
      return written;
    text.clear();
  }
  if (auto written = file->write(text); !written)
    return written;
  return file->close();
}

std::vector<std::string> numbered(const std::string& prefix, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i)
    names.push_back(prefix + std::to_string(i));
  return names;
}

} // namespace winnow
