#pragma once

#include <array>
#include <cstddef>
#include <gsl/span>
#include <string_view>

namespace winnow {

/// What a column of an interaction or item file holds. Rows without a header have their fields in this order.
enum class column_role { user, item, rating, time };

inline constexpr std::size_t number_of_roles = 4;

/// What is known of a role. All who deal with columns take it from `column_roles`.
struct role_facts {
  column_role role = column_role::user;
  std::string_view name;         ///< In `--columns` and in messages.
  bool is_needed = false;        ///< Whether a table is no table of interactions without such a column.
  std::string_view usual_column; ///< The name of such a column, for messages.
  /// Names that public data sets use, without `_`, `-` and blanks, in lower case; the more common first.
  gsl::span<const std::string_view> names;
  gsl::span<const std::string_view> other_names; ///< Not common enough to be taken, but may mean the same.
};

/// All roles, in the order of `column_role`.
const std::array<role_facts, number_of_roles>& column_roles() noexcept;

inline const role_facts& facts_of(column_role role) noexcept {
  return column_roles()[static_cast<std::size_t>(role)];
}

/// A value for each role.
template<class Value>
class by_role {
public:
  Value& operator[](column_role role) noexcept { return values_[static_cast<std::size_t>(role)]; }
  const Value& operator[](column_role role) const noexcept { return values_[static_cast<std::size_t>(role)]; }

private:
  std::array<Value, number_of_roles> values_{};
};

} // namespace winnow
