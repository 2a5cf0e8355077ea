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

constexpr auto no_slot = static_cast<std::size_t>(-1);

} // namespace

id_table::id_table(mapped_ids content)
    : index_bits_(static_cast<index>(content.slots.size() - 1)),
      mapped_(std::make_shared<const mapped_ids>(std::move(content))) {}

std::uint64_t id_table::digest() const {
  if (mapped_)
    return mapped_->digest;
  const auto all = text();
  const auto where = ends();
  return XXH3_64bits_withSeed(all.data(), all.size(),
                              XXH3_64bits(where.data(), where.size() * sizeof(where[0])));
}

/// Whether the id of a used slot is `id`.
bool id_table::holds(std::size_t slot, std::string_view id) const {
  const auto at = index_in(slot);
  return at < size() && (*this)[at] == id;
}

id_table::place id_table::place_of(std::string_view id) const {
  const auto* const all = slots().data();
  const std::uint64_t hash = XXH3_64bits(id.data(), id.size());
  const auto mask = static_cast<std::size_t>(slots().size()) - 1;
  const auto tag = static_cast<index>(hash >> 32U) & ~index_bits_;
  const auto first = static_cast<std::size_t>(hash) & mask;
  auto slot = first;
  while (all[slot] != 0 && ((all[slot] & ~index_bits_) != tag || !holds(slot, id))) {
    slot = (slot + 1) & mask;
    if (slot == first) // only if the slots are damaged: some are free
      return {no_slot, tag};
  }
  return {slot, tag};
}

void id_table::copy_to_memory() {
  if (!mapped_)
    return;
  text_.assign(text());
  ends_.assign(ends().begin(), ends().end());
  slots_.assign(slots().begin(), slots().end());
  mapped_.reset();
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
  copy_to_memory();
  ends_.reserve(count + 1);
  if (slots_for(count) > slots_.size())
    rehash(slots_for(count));
}

std::pair<id_table::index, bool> id_table::insert(std::string_view id) {
  copy_to_memory();
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
  if (slots().empty())
    return std::nullopt;
  const auto slot = place_of(id).slot;
  return slot != no_slot && slots()[slot] != 0 ? std::optional(index_in(slot)) : std::nullopt;
}

} // namespace winnow
