#pragma once

#include "models/attributes/catalogue_attributes.hpp"
#include "models/attributes/row_set.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace winnow {

/// Why an item is on no list.
enum class withheld_reason {
  hidden,  ///< Its attribute `hidden` is true.
  expired, ///< The time in its attribute `available_until` is over.
  denied,  ///< The deny list names it.
};

/// `hidden`, `expired` or `denied`.
std::string_view to_string(withheld_reason why) noexcept;

/// Which items are withheld at one moment, by their ids. Immutable.
class withholding {
public:
  /// @param attributes Null if the items have none.
  /// @param denied The deny list; null if there is none.
  /// @param now In Unix seconds.
  withholding(std::shared_ptr<const catalogue_attributes> attributes, std::shared_ptr<const id_table> denied,
              double now);

  /// Whether no item is withheld.
  bool empty() const noexcept { return counts_[0] + counts_[1] + counts_[2] == 0; }
  /// Ids for which this is the reason, also of items that the models do not know.
  std::size_t count(withheld_reason why) const noexcept { return counts_[static_cast<std::size_t>(why)]; }
  /// When the next item expires, in Unix seconds; nullopt if none does.
  std::optional<double> next_expiry() const noexcept { return next_expiry_; }

  std::optional<withheld_reason> find(std::string_view item_id) const;

private:
  friend class withheld_items;
  std::optional<withheld_reason> reason_of_row(std::size_t row) const;

  std::shared_ptr<const catalogue_attributes> attributes_;
  std::shared_ptr<const id_table> denied_;
  row_set hidden_, expired_;
  std::size_t counts_[3] = {0, 0, 0};
  std::optional<double> next_expiry_;
};

/// The withheld items of a catalogue. Immutable; for one state of the catalogue: items that were adopted
/// later are not among them.
class withheld_items {
public:
  /// @param before Of an earlier state of the same catalogue, for speed; may be null.
  withheld_items(std::shared_ptr<const withholding> what, const catalogue& items,
                 const withheld_items* before = nullptr);

  bool has(std::uint32_t item) const noexcept {
    return item < size_ && ((words_[item / 64] >> (item % 64)) & 1U) != 0;
  }
  std::size_t count() const noexcept { return count_; } ///< Of items of the catalogue.

  /// Why an item is withheld, whether the catalogue has it or not; nullopt if it is not.
  std::optional<withheld_reason> find(std::string_view item_id) const { return what_->find(item_id); }

  /// How many of the best items to look for, so that on average `count` of them are not withheld.
  std::size_t widened(std::size_t count) const noexcept;

private:
  void add(std::uint32_t item) noexcept;

  std::shared_ptr<const withholding> what_;
  const id_table* trained_; ///< Only compared.
  std::size_t size_ = 0, count_ = 0;
  std::vector<std::uint64_t> words_;
};

} // namespace winnow
