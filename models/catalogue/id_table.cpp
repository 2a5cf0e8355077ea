#include "models/catalogue/id_table.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace winnow {

namespace {

/// Returns the smallest power of two (at least 16) that leaves at least a third of the slots free with
/// `count` ids.
std::size_t slots_for(std::size_t count) {
  std::size_t slots = 16;
  while (slots < count + count / 2)
    slots *= 2;
  return slots;
}

} // namespace

id_table::place id_table::place_of(std::string_view id) const {
  const std::uint64_t hash = XXH3_64bits(id.data(), id.size());
  const auto mask = slots_.size() - 1;
  const auto tag = static_cast<index>(hash >> 32U) & ~index_bits_;
  auto slot = static_cast<std::size_t>(hash) & mask;
  while (slots_[slot] != 0 && ((slots_[slot] & ~index_bits_) != tag || (*this)[index_in(slot)] != id))
    slot = (slot + 1) & mask;
  return {slot, tag};
}

void id_table::rehash(std::size_t slots) {
  slots_.assign(slots, 0);
  index_bits_ = static_cast<index>(slots - 1); // all bits if there are 2^32 slots or more
  for (std::size_t i = 0; i < size(); ++i) {
    const auto [slot, tag] = place_of((*this)[i]);
    slots_[slot] = tag | static_cast<index>(i + 1);
  }
}

void id_table::reserve(std::size_t count) {
  ends_.reserve(count + 1);
  if (slots_for(count) > slots_.size())
    rehash(slots_for(count));
}

std::pair<id_table::index, bool> id_table::insert(std::string_view id) {
  if (slots_for(size() + 1) > slots_.size())
    rehash(slots_for(size() + 1));
  const auto [slot, tag] = place_of(id);
  if (slots_[slot] != 0)
    return {index_in(slot), false};
  text_.append(id);
  ends_.push_back(text_.size());
  slots_[slot] = tag | static_cast<index>(size());
  return {static_cast<index>(size() - 1), true};
}

std::optional<id_table::index> id_table::find(std::string_view id) const {
  if (slots_.empty())
    return std::nullopt;
  const auto slot = place_of(id).slot;
  return slots_[slot] != 0 ? std::optional(index_in(slot)) : std::nullopt;
}

} // namespace winnow
