#include "tools/winnow-bookshop/live/event_messages.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

/// How many of the first books were there before. A profile loses its oldest books as it grows, and those of
/// other shops.
std::ptrdiff_t continued(const item_ids& had, const item_ids& books) {
  const std::unordered_set<std::string> remaining(books.begin(), books.end());
  item_ids kept;
  std::copy_if(had.begin(), had.end(), std::back_inserter(kept),
               [&](const std::string& book) { return remaining.count(book) > 0; });
  auto from = kept.begin();
  const auto begins = [&] {
    return static_cast<std::size_t>(kept.end() - from) <= books.size() &&
           std::equal(from, kept.end(), books.begin());
  };
  while (!begins())
    ++from;
  return kept.end() - from;
}

} // namespace

std::vector<std::string> event_messages::of(const reader_profile& profile) {
  const auto& [reader, books] = profile;
  if (unknown_.count(reader) > 0)
    return {};
  const auto sent = unconfirmed_.find(reader);
  if (sent != unconfirmed_.end() && sent->second.books == books)
    return sent->second.messages;
  auto messages = events_after(profile);
  unconfirmed_[reader] = {books, messages};
  return messages;
}

void event_messages::confirmed(const reader_profile& profile) {
  const auto& [reader, books] = profile;
  unknown_.erase(reader);
  unconfirmed_.erase(reader);
  had_[reader] = books;
}

std::vector<std::string> event_messages::events_after(const reader_profile& profile) {
  const auto& [reader, books] = profile;
  const auto had = had_.find(reader);
  auto first = books.begin() + (had == had_.end() ? 0 : continued(had->second, books));
  std::vector<std::string> events;
  for (; first != books.end(); ++first)
    events.push_back(
        nlohmann::json{{"user_id", reader}, {"item_id", *first}, {"timestamp", next_instant().count()}}
            .dump());
  return events;
}

/// Now, but later than the event before: equal instants would say nothing about the order.
std::chrono::milliseconds event_messages::next_instant() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  last_instant_ = std::max(now, last_instant_ + std::chrono::milliseconds(1));
  return last_instant_;
}

} // namespace winnow
