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
  item_renumbering(std::size_t trained, const std::vector<bool>& kept) : trained_(trained) {
    auto next = static_cast<std::uint32_t>(trained);
    for (const bool keeps : kept)
      adopted_.push_back(keeps ? std::optional(next++) : std::nullopt);
    left_out_ = trained + adopted_.size() - next;
  }

  std::size_t left_out() const noexcept { return left_out_; }

  /// The index now of what had the index `before`; nullopt if it was left out or there was none.
  std::optional<std::uint32_t> of(std::uint32_t before) const {
    if (before < trained_)
      return before;
    return belongs_to_none(before) ? std::nullopt : adopted_[before - trained_];
  }

  /// Returns the values, by item, without those of items that were left out. What belongs to no item stays,
  /// so that the caller finds it.
  std::vector<float> kept_of(std::vector<float> values) const {
    if (left_out_ == 0)
      return values;
    std::size_t size = 0;
    for (std::size_t item = 0; item < values.size(); ++item)
      if (belongs_to_none(item) || of(static_cast<std::uint32_t>(item)))
        values[size++] = values[item];
    values.resize(size);
    return values;
  }

private:
  bool belongs_to_none(std::size_t before) const noexcept { return before >= trained_ + adopted_.size(); }

  std::size_t trained_;
  std::vector<std::optional<std::uint32_t>> adopted_; ///< By the index before, from the first adopted one on.
  std::size_t left_out_ = 0;
};

} // namespace winnow
