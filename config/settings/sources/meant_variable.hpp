#pragma once

#include "config/settings/sources/env_file.hpp"

#include <optional>
#include <string_view>

namespace winnow {

/// Private to this folder: what the lines of a `.env` file were meant to set.

/// What a line is part of.
enum class line_kind {
  entry, ///< Outside quotes, or of an entry that cannot be read.
  value, ///< A further line of a quoted value, which may say anything.
};

/// An entry with the problem that the line looks as if it should set a variable `WINNOW_…`, in any case and
/// in any language: `set WINNOW_PORT=1`, `"WINNOW_PORT": 1`, `winnow_port=1`, or the name alone. Looks only
/// at what is left of `=`, so that a value may mention a name.
std::optional<env_entry> meant_by(std::string_view line, line_kind kind);

} // namespace winnow
