#include "models/learning/user_marks.hpp"

#include <algorithm>
#include <utility>
#include <xxhash.h>

namespace winnow {

namespace {

constexpr std::size_t tail_items = 2; // more, and an item that moves to the end would hide what is new

std::uint32_t tail_hash(gsl::span<const std::uint64_t> hashes) {
  const auto hash = XXH3_64bits(hashes.data(), hashes.size() * sizeof hashes[0]);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32u));
}

std::vector<std::uint64_t> hashes_of(gsl::span<const std::string_view> item_ids) {
  std::vector<std::uint64_t> hashes;
  hashes.reserve(item_ids.size());
  for (const auto id : item_ids)
    hashes.push_back(XXH3_64bits(id.data(), id.size()));
  return hashes;
}

std::uint64_t digest_of(const user_marks::entry& one) {
  return XXH3_64bits(&one, sizeof one);
}

/// Whether the items before `end` end with the marked tail.
bool ends_here(const history_mark& mark, gsl::span<const std::uint64_t> hashes, std::size_t end) {
  const auto length = std::min<std::size_t>(tail_items, mark.items);
  return end >= length && tail_hash(hashes.subspan(end - length, length)) == mark.tail;
}

} // namespace

history_mark mark_of(gsl::span<const std::string_view> item_ids) {
  const auto last = item_ids.last(std::min(item_ids.size(), tail_items));
  return {static_cast<std::uint32_t>(item_ids.size()), tail_hash(hashes_of(last))};
}

std::optional<std::size_t> first_new_item(const history_mark& mark,
                                          gsl::span<const std::string_view> item_ids) {
  if (mark.items == 0)
    return 0;
  if (mark.items <= item_ids.size() && mark_of(item_ids.first(mark.items)) == mark)
    return mark.items;
  const auto hashes = hashes_of(item_ids);
  for (std::size_t end = hashes.size(); end > 0; --end)
    if (ends_here(mark, hashes, end))
      return end;
  return std::nullopt;
}

std::uint64_t user_marks::hash_of(std::string_view user_id) {
  return std::max<std::uint64_t>(XXH3_64bits(user_id.data(), user_id.size()), 1);
}

std::optional<history_mark> user_marks::find(std::uint64_t user) const {
  if (slots_.empty())
    return std::nullopt;
  const auto& slot = slots_[slot_of(user)];
  return slot.user == user ? std::optional(slot.mark) : std::nullopt;
}

bool user_marks::note(std::uint64_t user, history_mark mark) {
  if (size_ * 4 >= slots_.size() * 3)
    grow();
  auto& slot = slots_[slot_of(user)];
  if (slot.user == 0) {
    if (size_ >= most_)
      return false;
    ++size_;
  } else
    digest_ ^= digest_of(slot);
  slot = {user, mark};
  digest_ ^= digest_of(slot);
  return true;
}

bool user_marks::forget(std::uint64_t user) {
  if (slots_.empty())
    return false;
  std::size_t free = slot_of(user);
  if (slots_[free].user == 0)
    return false;
  digest_ ^= digest_of(slots_[free]);
  slots_[free] = {};
  --size_;
  // Later entries may have been put behind this one because it was taken: they move up.
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = (free + 1) & mask; slots_[at].user != 0; at = (at + 1) & mask)
    if (((at - slots_[at].user) & mask) >= ((at - free) & mask)) {
      slots_[free] = std::exchange(slots_[at], {});
      free = at;
    }
  return true;
}

/// Returns where the user is, or the free slot where it would be put.
std::size_t user_marks::slot_of(std::uint64_t user) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = user & mask;
  while (slots_[at].user != 0 && slots_[at].user != user)
    at = (at + 1) & mask;
  return at;
}

void user_marks::grow() {
  constexpr std::size_t least_slots = 1024;
  auto old = std::exchange(slots_, {});
  slots_.resize(std::max(old.size() * 2, least_slots));
  for (const auto& one : old)
    if (one.user != 0)
      slots_[slot_of(one.user)] = one;
}

} // namespace winnow
