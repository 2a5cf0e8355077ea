#pragma once

#include "models/training/interactions/interactions.hpp"

#include <string>

namespace winnow {

/// Makes an interaction log of whole histories, one after the other. A history says in which order its user
/// took the items, but not when.
class history_log {
public:
  /// Appends a user's history, if it has any item that counts. Of an item that occurs several times, the
  /// first occurrence counts.
  /// @param items Ids, oldest first. @param user Each user once.
  void add(std::string_view user, gsl::span<const std::string> items);

  /// How many occurrences were left out because the item is earlier in the history.
  std::uint64_t repeated() const noexcept { return repeated_; }

  /// How many occurrences were left out because their ids are blank or have control characters, as in files
  /// of interactions. Models with an empty id could not be loaded.
  std::uint64_t damaged() const noexcept { return damaged_; }

  /// The log so far. It has times, in that each user's events are in order.
  interaction_log take() &&;

private:
  interaction_log log_;
  std::vector<std::uint32_t> last_user_; ///< By item: index of the last user who had it, plus 1.
  std::uint64_t repeated_ = 0, damaged_ = 0;
};

} // namespace winnow
