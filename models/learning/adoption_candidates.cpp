#include "models/learning/adoption_candidates.hpp"

#include "models/catalogue/feature_table.hpp"
#include "models/learning/user_marks.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

std::optional<std::vector<item_event>> adoption_candidates::note(std::string_view item_id, item_event event) {
  auto [place, is_new] = waiting_.try_emplace(std::string(item_id));
  auto& events = place->second;
  if (std::any_of(events.begin(), events.end(),
                  [&](const item_event& other) { return other.user == event.user; }))
    return std::nullopt;
  events.push_back(std::move(event));
  if (events.size() >= readers_) {
    auto all = std::move(events);
    waiting_.erase(place);
    return all;
  }
  if (is_new) {
    by_age_.push_back(place->first);
    forget_oldest();
  }
  return std::nullopt;
}

std::size_t adoption_candidates::forget(std::uint64_t user) {
  std::size_t forgotten = 0;
  for (auto item = waiting_.begin(); item != waiting_.end();) {
    auto& events = item->second;
    const auto of_user = std::remove_if(events.begin(), events.end(),
                                        [user](const item_event& one) { return one.user == user; });
    forgotten += static_cast<std::size_t>(events.end() - of_user);
    events.erase(of_user, events.end());
    item = events.empty() ? waiting_.erase(item) : std::next(item);
  }
  return forgotten;
}

void adoption_candidates::renumber(const item_renumbering& numbers) {
  for (auto& waiting : waiting_)
    for (auto& event : waiting.second)
      for (auto& item : event.before)
        item = numbers.of(item).value_or(unknown_item);
}

void adoption_candidates::find_rows(const id_table& users) {
  std::unordered_map<std::uint64_t, std::optional<std::uint32_t>> rows; // by hash of the id
  bool all_fit = true;
  for (const auto& waiting : waiting_)
    for (const auto& event : waiting.second) {
      rows.emplace(event.user, std::nullopt);
      all_fit =
          all_fit &&
          (!event.row || (*event.row < users.size() && user_marks::hash_of(users[*event.row]) == event.user));
    }
  if (all_fit) // the usual case, in which a large table need not be read
    return;
  for (std::uint32_t row = 0; row < users.size(); ++row)
    if (const auto user = rows.find(user_marks::hash_of(users[row])); user != rows.end())
      user->second = row;
  for (auto& waiting : waiting_)
    for (auto& event : waiting.second)
      event.row = rows.at(event.user);
}

void adoption_candidates::forget_oldest() {
  while (waiting_.size() > most_ || by_age_.size() > 2 * most_) {
    waiting_.erase(by_age_.front());
    by_age_.pop_front();
  }
}

} // namespace winnow
