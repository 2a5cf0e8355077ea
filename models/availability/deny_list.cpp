#include "models/availability/deny_list.hpp"

#include "config/text/byte_order_mark.hpp"
#include "config/text/trimmed.hpp"
#include "models/catalogue/control_ids.hpp"
#include "models/files/first_lines.hpp"
#include "models/files/text_file.hpp"

#include <string>
#include <string_view>

namespace winnow {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30U;
constexpr std::size_t longest_id = 4096;

} // namespace

result<std::shared_ptr<const id_table>> read_deny_list(const std::filesystem::path& file) {
  const auto text = read_file(file, most_bytes);
  if (!text)
    return tl::unexpected(text.error());
  auto ids = std::make_shared<id_table>();
  control_ids odd_ids;
  auto rest = without_byte_order_mark(*text);
  const char line_end = line_end_of(rest);
  for (std::size_t number = 1; !rest.empty(); ++number) {
    auto line = rest.substr(0, rest.find(line_end));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    line = trimmed(line);
    if (line.size() > longest_id || line.find('\0') != std::string_view::npos)
      return fail(fault::malformed,
                  file.string() + ":" + std::to_string(number) + ": expected an item's id, got " +
                      (line.size() > longest_id ? std::to_string(line.size()) + " bytes" : "a NUL byte"));
    if (!line.empty() && ids->insert(line).second)
      odd_ids.look_at(line);
  }
  odd_ids.report("items", file);
  return std::shared_ptr<const id_table>(std::move(ids));
}

unknown_ids unknown_among(const id_table& denied, const catalogue& items) {
  unknown_ids unknown;
  for (std::size_t i = 0; i < denied.size(); ++i)
    if (!items.find(denied[i]) && ++unknown.count == 1)
      unknown.example = denied[i];
  return unknown;
}

} // namespace winnow
