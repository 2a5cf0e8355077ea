#pragma once

#include "models/attributes/catalogue_attributes.hpp"
#include "models/attributes/item_filter.hpp"
#include "models/attributes/withheld_items.hpp"

#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <vector>

namespace winnow {

/// Which items of a catalogue a list may have. Immutable; for one state of the catalogue: items that were
/// adopted later are not among them.
class item_choice {
public:
  /// The items whose attributes pass. @param withheld Is left out; may be null.
  item_choice(const catalogue& items, const catalogue_attributes& attributes, const row_set& rows,
              const withheld_items* withheld = nullptr);
  /// These items. @param items Below the catalogue's size; may repeat.
  item_choice(const catalogue& items, gsl::span<const std::uint32_t> chosen);

  /// All items of the catalogue.
  static item_choice all_of(const catalogue& items);
  /// These items without some of them.
  item_choice without(gsl::span<const std::uint32_t> unwanted) const;

  bool allows(std::uint32_t item) const noexcept {
    return item < size_ && ((words_[item / 64] >> (item % 64)) & 1U) != 0;
  }
  std::size_t count() const noexcept { return count_; } ///< Of the allowed items.
  std::vector<std::uint32_t> items() const;             ///< Ascending.

private:
  explicit item_choice(std::size_t size) : size_(size), words_((size + 63) / 64) {}
  void add(std::uint32_t item) noexcept;

  std::size_t size_ = 0, count_ = 0;
  std::vector<std::uint64_t> words_;
};

} // namespace winnow
