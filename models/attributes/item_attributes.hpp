#pragma once

#include "config/error.hpp"
#include "models/attributes/attribute_value.hpp"
#include "models/catalogue/id_table.hpp"

#include <cstdint>
#include <filesystem>
#include <gsl/span>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// One attribute of all items of a file, column-wise.
struct attribute_column {
  std::string name;
  attribute_type type = attribute_type::text;
  std::vector<double> numbers;           ///< By row, of numbers and booleans (0 or 1); NaN if missing.
  id_table texts;                        ///< The different texts or labels.
  std::vector<std::uint32_t> labels;     ///< Of all rows, one after the other: indices of `texts`.
  std::vector<std::uint64_t> ends = {0}; ///< By row: where its labels end; a text is a single label.
  /// Whether it came with a change, see `item_attributes::with`, and not from the file.
  bool is_added = false;

  bool is_empty() const noexcept; ///< Whether all values are missing.
  bool is_numeric() const noexcept {
    return type == attribute_type::number || type == attribute_type::boolean;
  }
  /// The labels of a row; none if the value is missing.
  gsl::span<const std::uint32_t> labels_of(std::size_t row) const {
    return {labels.data() + ends[row], static_cast<std::size_t>(ends[row + 1] - ends[row])};
  }
};

/// What a shop knows about its items: the rows of its items file. The last row stands for all items that the
/// file lacks; all its values are missing. Immutable.
class item_attributes {
public:
  /// Reads a CSV file with a header. The column `item_id`, or else the first, has the ids. Columns without a
  /// name are left out. Of rows with the same id the last counts.
  /// @return Errors name file, line and column; `malformed` if a column is in the header twice, if a row has
  ///   another number of fields than the header, or no id, or if a value of `hidden` or `available_until`
  ///   cannot be understood.
  static result<item_attributes> read(const std::filesystem::path& path);

  /// Returns the attributes with other values of some items; later ones override earlier ones. New items get
  /// rows behind the others, new attributes columns, which go with their last value: the next one decides the
  /// type anew. Shares the columns that do not change.
  /// @param changes Values of the type of their attribute.
  item_attributes with(gsl::span<const item_values> changes) const;

  const id_table& ids() const noexcept { return *ids_; }
  std::size_t rows() const noexcept { return ids_->size() + 1; } ///< With the last, of missing items.
  const std::vector<std::shared_ptr<const attribute_column>>& columns() const noexcept { return columns_; }
  const attribute_column* find(std::string_view name) const;
  std::vector<std::string> names() const;
  /// The error for an attribute that the items do not have: `malformed`, with the most similar one.
  error unknown(const std::string& attribute) const;

  /// The row of an item; that of missing ones if the file lacks it.
  std::uint32_t row_of(std::string_view item_id) const {
    return ids_->find(item_id).value_or(static_cast<std::uint32_t>(ids_->size()));
  }

private:
  std::shared_ptr<const id_table> ids_ = std::make_shared<const id_table>();
  std::vector<std::shared_ptr<const attribute_column>> columns_;
};

} // namespace winnow
