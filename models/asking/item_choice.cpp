#include "models/asking/item_choice.hpp"

namespace winnow {

item_choice::item_choice(const catalogue& items, const catalogue_attributes& attributes, const row_set& rows,
                         const withheld_items* withheld)
    : size_(items.size()), words_((items.size() + 63) / 64) {
  for (std::uint32_t item = 0; item < size_; ++item)
    if (rows.has(attributes.row_of(items, item)) && (withheld == nullptr || !withheld->has(item)))
      add(item);
}

item_choice::item_choice(const catalogue& items, gsl::span<const std::uint32_t> chosen)
    : size_(items.size()), words_((items.size() + 63) / 64) {
  for (const auto item : chosen)
    if (!allows(item))
      add(item);
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
