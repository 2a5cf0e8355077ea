#pragma once

#include <gsl/span>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// What a column of an interaction or item file holds.
enum class column_role { user, item, rating, time };

/// The column with a name that public data sets give to this role; where several have one, the more usual
/// name counts. Compared without case, `_` and `-`, and without what RecBole writes behind a colon.
std::optional<std::size_t> find_column(gsl::span<const std::string_view> header, column_role role);

/// A column's name as it stands in the header, without blanks around it and RecBole's type (`:float`).
std::string_view column_name(std::string_view field);

} // namespace winnow
