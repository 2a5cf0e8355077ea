#pragma once

#include "tools/winnow-bookshop/live/shop_link.hpp"

#include <chrono>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace winnow {

/// Makes messages of the purchases that winnowd does not have yet, one event each.
class event_messages {
public:
  /// winnowd has this profile. It may have books that the shop does not know.
  void has(const std::string& reader, item_ids books) { had_[reader] = std::move(books); }

  /// winnowd has a profile of a reader, of which nothing else is known: the books that come first are on it.
  void has_some(const std::string& reader) { unknown_.insert(reader); }

  /// The events that follow what winnowd has. Until they are confirmed, the same books get the same events:
  /// one that arrives twice counts once, as its time is the same.
  std::vector<std::string> of(const reader_profile& profile);

  /// winnowd gets what `of` made of this profile.
  void confirmed(const reader_profile& profile);

private:
  struct sent_events {
    item_ids books; ///< The whole profile.
    std::vector<std::string> messages;
  };

  std::vector<std::string> events_after(const reader_profile& profile);
  std::chrono::milliseconds next_instant();

  std::unordered_map<std::string, item_ids> had_; ///< By reader, what winnowd has.
  std::unordered_set<std::string> unknown_;       ///< Readers.
  std::unordered_map<std::string, sent_events> unconfirmed_;
  std::chrono::milliseconds last_instant_{0};
};

} // namespace winnow
