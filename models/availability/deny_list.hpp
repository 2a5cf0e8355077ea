#pragma once

#include "config/error.hpp"
#include "models/catalogue/catalogue.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace winnow {

/// Reads a file of item ids, one a line. Blanks and tabs around an id are no part of it, as in tables, and
/// empty lines are left out. The models need not know the ids. The log says how many have control characters.
/// Blocking.
/// @return An error that names the file if it cannot be read, and the line (`malformed`) if that has a NUL
///   byte or is longer than an id can be.
result<std::shared_ptr<const id_table>> read_deny_list(const std::filesystem::path& file);

/// The ids of a deny list that a catalogue lacks.
struct unknown_ids {
  std::size_t count = 0;
  std::string example; ///< The first.
};

unknown_ids unknown_among(const id_table& denied, const catalogue& items);

} // namespace winnow
