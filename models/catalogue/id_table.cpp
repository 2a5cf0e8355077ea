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

std::size_t id_table::slot_of(std::string_view id) const {
  const auto mask = slots_.size() - 1;
  auto slot = static_cast<std::size_t>(XXH3_64bits(id.data(), id.size())) & mask;
  while (slots_[slot] != 0 && (*this)[slots_[slot] - 1] != id)
    slot = (slot + 1) & mask;
  return slot;
}

void id_table::rehash(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::size_t i = 0; i < size(); ++i)
    slots_[slot_of((*this)[i])] = static_cast<index>(i + 1);
}

void id_table::reserve(std::size_t count) {
  ends_.reserve(count + 1);
  if (slots_for(count) > slots_.size())
    rehash(slots_for(count));
}

std::pair<id_table::index, bool> id_table::insert(std::string_view id) {
  if (slots_for(size() + 1) > slots_.size())
    rehash(slots_for(size() + 1));
  auto& slot = slots_[slot_of(id)];
  if (slot != 0)
    return {slot - 1, false};
  text_.append(id);
  ends_.push_back(text_.size());
  slot = static_cast<index>(size());
  return {slot - 1, true};
}

std::optional<id_table::index> id_table::find(std::string_view id) const {
  if (slots_.empty())
    return std::nullopt;
  const auto found = slots_[slot_of(id)];
  return found != 0 ? std::optional(found - 1) : std::nullopt;
}

} // namespace winnow
