#include "models/training/transition_writer.hpp"

#include "models/files/csv_field.hpp"
#include "models/files/output_file.hpp"

#include <charconv>
#include <string>

namespace winnow {

result<void> write_transitions(const std::filesystem::path& path, const id_table& items,
                               const transition_counts& counts) {
  auto file = output_file::create(path);
  if (!file)
    return tl::unexpected(file.error());
  std::string text = "item_id,next_item_id,weight\n";
  for (std::uint32_t item = 0; item < counts.items(); ++item) {
    const auto id = csv_id(items[item]);
    for (const auto& next : counts.after(item)) {
      char number[32];
      const auto end = std::to_chars(number, number + sizeof number, next.score).ptr;
      text += id + "," + csv_id(items[next.item]) + ",";
      text.append(number, static_cast<std::size_t>(end - number));
      text.push_back('\n');
    }
    if (auto written = file->write(text); !written)
      return written;
    text.clear();
  }
  return file->close();
}

} // namespace winnow
