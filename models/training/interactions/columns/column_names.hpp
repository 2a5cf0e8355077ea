#pragma once

#include "models/training/interactions/columns/chosen_columns.hpp"

#include <gsl/span>
#include <optional>
#include <string_view>
#include <vector>

namespace winnow {

/// Finds the column whose name public data sets use for this role; if there are several, the more common name
/// wins. A session counts as a user if the file has no users. Ignores case, `_`, `-`, and the type that
/// RecBole appends after a colon. nullopt if there is none.
std::optional<std::size_t> find_column(gsl::span<const std::string_view> header, column_role role);

/// Finds the column with the chosen name, which must be exactly that of the header, or else by the names of
/// public data sets.
std::optional<std::size_t> find_column(gsl::span<const std::string_view> header, column_role role,
                                       const chosen_columns& chosen);

/// Finds another column with the name of the one that was found for a role: exactly, if the name is chosen.
std::optional<std::size_t> find_namesake(gsl::span<const std::string_view> header, std::size_t found,
                                         column_role role, const chosen_columns& chosen);

/// Finds the other columns that may have the role of the one that was found by its name: those with other
/// names of public data sets, and of the time, also `created_at` and such. None for a role that is chosen.
/// Sessions are no rivals of users.
std::vector<std::size_t> find_rivals(gsl::span<const std::string_view> header, std::size_t found,
                                     column_role role, const chosen_columns& chosen);

/// Finds the column with the items that the user took before that of the row, from oldest to newest:
/// RecBole's `item_id_list:token_seq`, whose name is that of the item column and `_list`.
std::optional<std::size_t> find_item_list(gsl::span<const std::string_view> header,
                                          const chosen_columns& chosen);

/// Whether the type of a column says that blanks separate several values in its fields: `class:token_seq`.
bool is_sequence(std::string_view field);

/// Whether every field has one of the types that RecBole appends, as those of its headers have.
bool is_typed_header(gsl::span<const std::string_view> fields);

/// A column's name from the header, without surrounding blanks and RecBole's type (`:float`).
std::string_view column_name(std::string_view field);

} // namespace winnow
