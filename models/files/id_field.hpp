#pragma once

#include "config/error.hpp"
#include "models/files/csv_reader.hpp"

#include <cstddef>
#include <string_view>

namespace winnow {

/// Whether a text has a control character of ASCII, also a tab or a line end. No id has: no program can show
/// it. Quotes let them into a field.
bool has_any_control(std::string_view id) noexcept;

/// Whether an id is empty or has blanks only.
bool is_blank(std::string_view id) noexcept;

/// Whether an item of a history may have this id: it is not blank, and has no control characters. No list can
/// show another id, and no file, such as the deny list, can name it.
bool is_item_id(std::string_view id) noexcept;

/// Refuses the id in a field of the current record if it is empty or has a control character.
/// @return `malformed`, with file, line and column.
/// @param what E.g. `an item's id`.
result<void> check_id_field(csv_reader& record, std::size_t field, const char* what);

} // namespace winnow
