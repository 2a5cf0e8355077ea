#include "models/catalogue/item_counts.hpp"

#include "models/files/csv_reader.hpp"

#include <charconv>
#include <string>

namespace winnow {

namespace {

enum class form { pairs, counts };

result<form> form_of(csv_reader& reader, const std::string& file) {
  const auto more = reader.next();
  if (!more)
    return tl::unexpected(more.error());
  if (*more) {
    const auto& fields = reader.fields();
    if (fields.size() >= 2 && fields[0] == "user_id" && fields[1] == "item_id")
      return form::pairs;
    if (fields.size() >= 2 && fields[0] == "item_id" && fields[1] == "count")
      return form::counts;
  }
  return fail(fault::malformed, file + ":1:1: expected a header user_id,item_id or item_id,count");
}

result<std::uint64_t> count_of(csv_reader& reader) {
  const auto field = reader.fields()[1];
  std::uint64_t count = 0;
  const auto [end, status] = std::from_chars(field.data(), field.data() + field.size(), count);
  if (field.empty() || status != std::errc() || end != field.data() + field.size())
    return reader.refuse(fault::malformed, reader.offset_of(1),
                         "expected a whole number, got \"" + std::string(field.substr(0, 40)) + "\"");
  return count;
}

} // namespace

result<std::vector<std::uint64_t>> count_items(const std::filesystem::path& path, const id_table& items) {
  auto reader = csv_reader::open(path);
  if (!reader)
    return tl::unexpected(reader.error());
  const auto rows = form_of(*reader, path.string());
  if (!rows)
    return tl::unexpected(rows.error());
  const std::size_t id_field = *rows == form::pairs ? 1 : 0;
  std::vector<std::uint64_t> counts(items.size(), 0);
  while (true) {
    const auto more = reader->next();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return counts;
    const auto& fields = reader->fields();
    if (fields.size() < 2)
      return reader->refuse(fault::malformed, 0,
                            "expected at least 2 fields, got " + std::to_string(fields.size()));
    const result<std::uint64_t> taken = *rows == form::pairs ? 1 : count_of(*reader);
    if (!taken)
      return tl::unexpected(taken.error());
    if (const auto item = items.find(fields[id_field]))
      counts[*item] += *taken;
  }
}

} // namespace winnow
