#include "models/attributes/withheld_items.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

std::string_view to_string(withheld_reason why) noexcept {
  switch (why) {
  case withheld_reason::hidden:
    return "hidden";
  case withheld_reason::expired:
    return "expired";
  case withheld_reason::denied:
    return "denied";
  }
  return "unknown";
}

withholding::withholding(std::shared_ptr<const catalogue_attributes> attributes,
                         std::shared_ptr<const id_table> denied, double now)
    : attributes_(std::move(attributes)), denied_(std::move(denied)),
      hidden_(attributes_ ? attributes_->table().rows() : 0),
      expired_(attributes_ ? attributes_->table().rows() : 0) {
  counts_[static_cast<std::size_t>(withheld_reason::denied)] = denied_ ? denied_->size() : 0;
  if (!attributes_)
    return;
  if (const auto* const hidden = attributes_->table().find(hidden_attribute))
    for (std::size_t row = 0; row < hidden->numbers.size(); ++row)
      if (hidden->numbers[row] == 1) {
        hidden_.add(row);
        ++counts_[static_cast<std::size_t>(withheld_reason::hidden)];
      }
  if (const auto* const until = attributes_->table().find(available_until_attribute))
    for (std::size_t row = 0; row < until->numbers.size(); ++row) {
      const double end = until->numbers[row]; // comparisons with NaN, a missing value, are false
      if (end <= now) {
        expired_.add(row);
        ++counts_[static_cast<std::size_t>(withheld_reason::expired)];
      } else if (end > now) {
        next_expiry_ = std::min(next_expiry_.value_or(end), end);
      }
    }
}

std::optional<withheld_reason> withholding::reason_of_row(std::size_t row) const {
  if (hidden_.has(row))
    return withheld_reason::hidden;
  if (expired_.has(row))
    return withheld_reason::expired;
  return std::nullopt;
}

std::optional<withheld_reason> withholding::find(std::string_view item_id) const {
  if (denied_ && denied_->find(item_id))
    return withheld_reason::denied;
  return attributes_ ? reason_of_row(attributes_->table().row_of(item_id)) : std::nullopt;
}

withheld_items::withheld_items(std::shared_ptr<const withholding> what, const catalogue& items,
                               const withheld_items* before)
    : what_(std::move(what)), trained_(&items.trained()), size_(items.size()) {
  std::uint32_t first = 0;
  if (before != nullptr && before->what_ == what_ && before->trained_ == trained_ &&
      before->size_ <= size_) { // adopted items are only added
    words_ = before->words_;
    count_ = before->count_;
    first = static_cast<std::uint32_t>(before->size_);
  }
  words_.resize((size_ + 63) / 64);
  const auto& attributes = what_->attributes_;
  if (attributes)
    for (auto item = first; item < size_; ++item)
      if (what_->reason_of_row(attributes->row_of(items, item)))
        add(item);
  if (what_->denied_)
    for (std::size_t i = 0; i < what_->denied_->size(); ++i)
      if (const auto item = items.find((*what_->denied_)[i]); item && !has(*item))
        add(*item);
}

void withheld_items::add(std::uint32_t item) noexcept {
  words_[item / 64] |= std::uint64_t{1} << (item % 64);
  ++count_;
}

std::size_t withheld_items::widened(std::size_t count) const noexcept {
  constexpr std::size_t reserve = 16;
  if (count_ >= size_)
    return count;
  const double share = static_cast<double>(count_) / static_cast<double>(size_);
  const auto wider = static_cast<double>(count) / (1 - share) + static_cast<double>(reserve);
  return static_cast<std::size_t>(std::min(wider, static_cast<double>(std::min(size_, 4 * count + reserve))));
}

} // namespace winnow
