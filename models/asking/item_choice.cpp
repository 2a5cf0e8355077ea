#include "models/asking/item_choice.hpp"

#include <algorithm>

namespace winnow {

item_choice::item_choice(const catalogue& items, const catalogue_attributes& attributes, const row_set& rows,
                         const withheld_items* withheld)
    : item_choice(items.size()) {
  const auto& row_of = attributes.rows();
  for (std::size_t first = 0; first < size_; first += 64) {
    const auto end = std::min<std::size_t>(size_, first + 64);
    std::uint64_t bits = 0;
    if (end == first + 64 && end <= attributes.in_order()) {
      bits = rows.word(first / 64);
    } else {
      std::size_t item = first;
      for (; item < std::min(end, row_of.size()); ++item) // without branches, which nobody could predict
        bits |= static_cast<std::uint64_t>(rows.has(row_of[item])) << (item - first);
      for (; item < end; ++item)
        bits |=
            static_cast<std::uint64_t>(rows.has(attributes.row_of(items, static_cast<std::uint32_t>(item))))
            << (item - first);
    }
    if (withheld != nullptr)
      for (auto left = bits; left != 0; left &= left - 1)
        if (const auto at = __builtin_ctzll(left);
            withheld->has(static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(at)))
          bits &= ~(std::uint64_t{1} << at);
    words_[first / 64] = bits;
    count_ += static_cast<std::size_t>(__builtin_popcountll(bits));
  }
}

item_choice::item_choice(const catalogue& items, gsl::span<const std::uint32_t> chosen)
    : item_choice(items.size()) {
  for (const auto item : chosen)
    if (!allows(item))
      add(item);
}

item_choice item_choice::all_of(const catalogue& items) {
  item_choice all(items.size());
  for (auto& word : all.words_)
    word = ~std::uint64_t{0};
  if (all.size_ % 64 != 0)
    all.words_.back() = (std::uint64_t{1} << (all.size_ % 64)) - 1;
  all.count_ = all.size_;
  return all;
}

item_choice item_choice::without(gsl::span<const std::uint32_t> unwanted) const {
  auto others = *this;
  for (const auto item : unwanted)
    if (others.allows(item)) {
      others.words_[item / 64] &= ~(std::uint64_t{1} << (item % 64));
      --others.count_;
    }
  return others;
}

void item_choice::add(std::uint32_t item) noexcept {
  words_[item / 64] |= std::uint64_t{1} << (item % 64);
  ++count_;
}

std::vector<std::uint32_t> item_choice::items() const {
  std::vector<std::uint32_t> all;
  all.reserve(count_);
  for (std::size_t word = 0; word < words_.size(); ++word)
    for (auto bits = words_[word]; bits != 0; bits &= bits - 1)
      all.push_back(static_cast<std::uint32_t>(word * 64) +
                    static_cast<std::uint32_t>(__builtin_ctzll(bits)));
  return all;
}

} // namespace winnow
