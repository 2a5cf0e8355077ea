#include "models/id_index.hpp"

#include <xxhash.h>

namespace winnow {

namespace {

constexpr std::uint32_t empty = 0xFFFFFFFF;

} // namespace

void id_index::reserve(std::size_t count) {
  ends_.reserve(count);
  std::size_t slots = 16;
  while (slots < 2 * count)
    slots *= 2;
  if (slots > slots_.size())
    rehash(slots);
}

std::pair<std::uint32_t, bool> id_index::add(std::string_view id) {
  if (slots_.size() < 2 * (size() + 1))
    rehash(slots_.empty() ? 16 : 2 * slots_.size());
  const std::size_t slot = slot_of(id);
  if (slots_[slot] != empty)
    return {slots_[slot], false};
  const auto index = static_cast<std::uint32_t>(size());
  text_.append(id);
  ends_.push_back(text_.size());
  slots_[slot] = index;
  return {index, true};
}

std::optional<std::uint32_t> id_index::find(std::string_view id) const {
  if (slots_.empty())
    return std::nullopt;
  const std::uint32_t index = slots_[slot_of(id)];
  return index == empty ? std::nullopt : std::optional<std::uint32_t>(index);
}

std::size_t id_index::slot_of(std::string_view id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = XXH3_64bits(id.data(), id.size()) & mask;
  while (slots_[slot] != empty && (*this)[slots_[slot]] != id)
    slot = (slot + 1) & mask;
  return slot;
}

void id_index::rehash(std::size_t slots) {
  slots_.assign(slots, empty);
  for (std::uint32_t index = 0; index < size(); ++index)
    slots_[slot_of((*this)[index])] = index;
}

} // namespace winnow
