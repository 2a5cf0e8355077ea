#pragma once

#include "models/catalogue/id_table.hpp"
#include "models/learning/item_event.hpp"
#include "models/learning/item_renumbering.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace winnow {

class state_reader;
class state_writer;

/// Items that the catalogue lacks, with the events in which users took them, until enough users did.
class adoption_candidates {
public:
  /// @param readers Different users after which an item is ready. @param most Items that wait; if there are
  /// more, those that have waited longest are forgotten.
  adoption_candidates(std::size_t readers, std::size_t most) : readers_(readers), most_(most) {}

  /// Notes an event. A second one of the same user with the same item does not count.
  /// @return All events of the item, which no longer waits, if enough users took it; else nullopt.
  std::optional<std::vector<item_event>> note(std::string_view item_id, item_event event);

  /// Forgets all events of a user. @return How many there were.
  std::size_t forget(std::uint64_t user);

  void save(state_writer& into) const;
  /// Leaves out items whose ids are none, as earlier versions kept them. @return How many.
  std::size_t restore(state_reader& from);

  /// The items that users took before have other indices now, or none.
  void renumber(const item_renumbering& numbers);

  /// The users may have other rows now, or none. If all that had one still have it, those without one stay
  /// without. @param users By row.
  void find_rows(const id_table& users);

  std::size_t size() const noexcept { return waiting_.size(); }

private:
  void forget_oldest();

  std::size_t readers_, most_;
  std::unordered_map<std::string, std::vector<item_event>> waiting_;
  std::deque<std::string> by_age_; ///< May contain items that wait no longer.
};

} // namespace winnow
