#pragma once

#include <gsl/span>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// What a column of an interaction or item file holds.
enum class column_role { user, item, rating, time };

/// Finds the column whose name public data sets use for this role; if there are several, the more common name
/// wins. Ignores case, `_`, `-`, and the type that RecBole appends after a colon. nullopt if there is none.
std::optional<std::size_t> find_column(gsl::span<const std::string_view> header, column_role role);

/// A column's name from the header, without surrounding blanks and RecBole's type (`:float`).
std::string_view column_name(std::string_view field);

} // namespace winnow
