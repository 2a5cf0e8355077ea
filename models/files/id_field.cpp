#include "models/files/id_field.hpp"

#include "config/text/unicode_blank.hpp"
#include "models/files/csv_field.hpp"

#include <algorithm>
#include <string>

namespace winnow {

bool has_any_control(std::string_view id) noexcept {
  return std::any_of(id.begin(), id.end(), [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte < 0x20 || byte == 0x7F;
  });
}

bool is_blank(std::string_view id) noexcept {
  return without_blanks_before(id).empty();
}

bool is_item_id(std::string_view id) noexcept {
  return !is_blank(id) && !has_any_control(id);
}

result<void> check_id_field(csv_reader& record, std::size_t field, const char* what) {
  const auto id = record.fields()[field];
  if (!id.empty() && !has_any_control(id))
    return {};
  return record.refuse(fault::malformed, record.offset_of(field),
                       std::string("expected ") + what + (id.empty() ? "" : " without control characters") +
                           ", got " + quoted_field(id));
}

} // namespace winnow
