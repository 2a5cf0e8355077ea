#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"

#include <cstdint>
#include <gsl/span>
#include <string>
#include <vector>

namespace winnow {

/// A positive pair: the user took the item.
struct interaction {
  std::uint32_t user = 0; ///< Index in the log's `users`.
  std::uint32_t item = 0; ///< Index in the log's `items`.
  std::int64_t time = 0;  ///< Unix seconds; if the source has no times, the row number.
};

/// Which user took which item: each pair once (its first occurrence), in time order. Pairs with the same time
/// keep the order of the file, or have that of `reading_options::ties`.
struct interaction_log {
  id_table users;
  id_table items;
  std::vector<interaction> events;
  bool has_times = false;    ///< Whether each user's events are in the order in which they happened.
  bool orders_users = false; ///< Whether those of different users are, too: the source has real times.
};

/// A list of items for each user, in one piece of memory.
class item_lists {
public:
  item_lists() = default;
  explicit item_lists(std::size_t users) : ends_(users + 1, 0) {}

  /// Groups pairs by user; a user's pairs keep their order.
  static item_lists group(std::size_t users, gsl::span<const interaction> events);

  std::size_t users() const noexcept { return ends_.size() - 1; }
  std::size_t size() const noexcept { return items_.size(); } ///< Number of items of all users together.

  gsl::span<const std::uint32_t> of(std::size_t user) const noexcept {
    return {items_.data() + ends_[user], static_cast<std::size_t>(ends_[user + 1] - ends_[user])};
  }

  /// Returns the users with at least one item, ascending. If there are more than `most`, returns `most` of
  /// them, spread evenly.
  std::vector<std::uint32_t> users_with_items(std::size_t most) const;

private:
  std::vector<std::uint64_t> ends_ = {0};
  std::vector<std::uint32_t> items_;
};

} // namespace winnow
