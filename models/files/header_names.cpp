#include "models/files/header_names.hpp"

#include "config/text/trimmed.hpp"
#include "models/files/csv_field.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>

namespace winnow {

namespace {

tl::unexpected<error> refuse(csv_reader& header, std::string_view name, std::size_t first,
                             std::size_t again) {
  return header.refuse(fault::malformed, header.offset_of(again),
                       "expected each column's name once, got " + quoted_field(name) + " in fields " +
                           std::to_string(first + 1) + " and " + std::to_string(again + 1));
}

} // namespace

result<void> check_name_once(csv_reader& header, std::string_view name) {
  const auto& fields = header.fields();
  std::size_t first = fields.size();
  for (std::size_t field = 0; field < fields.size(); ++field) {
    if (trimmed(fields[field]) != name)
      continue;
    if (first < field)
      return refuse(header, name, first, field);
    first = field;
  }
  return {};
}

result<void> check_names_once(csv_reader& header) {
  std::unordered_map<std::string_view, std::size_t> first;
  const auto& fields = header.fields();
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const auto name = trimmed(fields[field]);
    if (is_index_name(name))
      continue;
    if (const auto [known, is_new] = first.emplace(name, field); !is_new)
      return refuse(header, name, known->second, field);
  }
  return {};
}

} // namespace winnow
