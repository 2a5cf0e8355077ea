#include "models/attributes/row_set.hpp"

#include "models/kernels/filter_kernels.hpp"

namespace winnow {

row_set::row_set(std::size_t rows, bool all) : words_((rows + 63) / 64, all ? ~std::uint64_t{0} : 0) {}

void row_set::mark_within(gsl::span<const double> values, double least, double most) noexcept {
  kernels::mark_within(values.data(), values.size(), least, most, words_.data());
}

void row_set::intersect(const row_set& other) noexcept {
  for (std::size_t i = 0; i < words_.size(); ++i)
    words_[i] &= other.words_[i];
}

void row_set::unite(const row_set& other) noexcept {
  for (std::size_t i = 0; i < words_.size(); ++i)
    words_[i] |= other.words_[i];
}

void row_set::invert() noexcept {
  for (auto& word : words_)
    word = ~word;
}

} // namespace winnow
