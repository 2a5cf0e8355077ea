#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace winnow {

/// The indices of items after some adopted ones were left out of what was saved. Trained items keep theirs.
class item_renumbering {
public:
  /// @param trained How many items are trained. @param kept Of each adopted item.
  item_renumbering(std::size_t trained, const std::vector<bool>& kept) {
    auto next = static_cast<std::uint32_t>(trained);
    for (std::uint32_t item = 0; item < next; ++item)
      numbers_.emplace_back(item);
    for (const bool keeps : kept)
      numbers_.push_back(keeps ? std::optional(next++) : std::nullopt);
    left_out_ = numbers_.size() - next;
  }

  std::size_t left_out() const noexcept { return left_out_; }

  /// The index now of what had the index `before`; nullopt if it was left out or there was none.
  std::optional<std::uint32_t> of(std::uint32_t before) const {
    return before < numbers_.size() ? numbers_[before] : std::nullopt;
  }

  /// Returns the values, by item, without those of items that were left out. What belongs to no item stays,
  /// so that the caller finds it.
  std::vector<float> kept_of(std::vector<float> values) const {
    if (left_out_ == 0)
      return values;
    std::size_t size = 0;
    for (std::size_t item = 0; item < values.size(); ++item)
      if (item >= numbers_.size() || numbers_[item])
        values[size++] = values[item];
    values.resize(size);
    return values;
  }

private:
  std::vector<std::optional<std::uint32_t>> numbers_; ///< By the index before.
  std::size_t left_out_ = 0;
};

} // namespace winnow
