#pragma once

#include "models/attributes/item_attributes.hpp"
#include "models/catalogue/catalogue.hpp"
#include "models/files/file_stamp.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace winnow {

/// The attributes of the items of a catalogue. Immutable.
class catalogue_attributes {
public:
  /// @param trained The ids of the catalogue's trained items.
  /// @param file What the file with the attributes was before it was read; nullopt if there is none.
  catalogue_attributes(item_attributes all, const id_table& trained,
                       std::optional<file_stamp> file = std::nullopt);

  /// Returns the attributes of the same catalogue with other values, see `item_attributes::with`.
  catalogue_attributes with(gsl::span<const item_values> changes, const id_table& trained) const;

  const item_attributes& table() const noexcept { return all_; }

  /// The row of an item of the catalogue.
  std::uint32_t row_of(const catalogue& items, std::uint32_t item) const {
    return item < rows_.size() ? rows_[item] : all_.row_of(items[item]);
  }

  /// The same of all trained items, by item.
  const std::vector<std::uint32_t>& rows() const noexcept { return rows_; }
  /// How many of the first items have the row of their own number: all, if the file is in the catalogue's
  /// order.
  std::size_t in_order() const noexcept { return in_order_; }

  const std::optional<file_stamp>& file() const noexcept { return file_; }

private:
  item_attributes all_;
  void note_order() noexcept;

  std::vector<std::uint32_t> rows_; ///< By trained item.
  std::size_t in_order_ = 0;
  std::optional<file_stamp> file_;
};

/// Reads the items file of a model directory, see `item_attributes::read`.
/// @return Null if there is none.
result<std::shared_ptr<const catalogue_attributes>> load_attributes(const std::filesystem::path& file,
                                                                    const id_table& trained);

} // namespace winnow
