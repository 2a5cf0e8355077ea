#pragma once

#include "redis/keys.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace winnow {

/// Every user's newest profile, and which of them are to be looked at. A user waits at most once, so many
/// changes in a row become one look at the last; one that changes while he is looked at waits again after it.
class pending_profiles {
public:
  /// Who waits where: announced changes are looked at first.
  enum class place { nowhere, backlog, fresh };

  /// A change was announced.
  /// @return Whether it is of the user's newest profile; an older one is nobody's concern.
  bool changed(const profile_key& key);

  /// At most so many of those who wait, first the announced ones; from now on they are being looked at.
  std::vector<profile_key> take(std::size_t most);

  /// Whether the content was dealt with before: it is a refused one, or its list is still there.
  bool dealt_with(const profile_key& key, std::uint64_t digest, bool list_exists) const;

  /// A content's list was computed, or it is no valid profile.
  /// @param digest Of the content and of what else its list depends on; not 0.
  void deal_with(const profile_key& key, std::uint64_t digest, bool refused);

  /// Somebody else had a list of the user stored, perhaps over that of a newer profile.
  /// @param digest Of what it was computed from; 0: it is not known whether it was stored.
  /// @return Whether the user is to be looked at because of it.
  bool stored(const std::string& user_id, std::uint64_t digest);

  // Each user who was taken comes back by one of these.
  void finish(const profile_key& key);  ///< He waits again only if his profile changed meanwhile.
  void requeue(const profile_key& key); ///< He is to be looked at again.
  bool erase(const profile_key& key);   ///< His profile is gone; false: it changed meanwhile, he waits again.

  // A sweep tells of every key. Nobody begins to wait before it is through: only then is it known which of a
  // user's profiles is the newest.
  void begin_sweep() { ++sweep_; }
  void note(const profile_key& key);

  /// All who were seen wait; those who were not are forgotten.
  /// @param newest Is told of every user's newest profile; without a timestamp where he has none any more.
  void finish_sweep(const std::function<void(const profile_key& key)>& newest);

  std::size_t users() const noexcept { return users_.size(); }
  std::size_t waiting() const noexcept { return fresh_.size() + backlog_.size(); }
  std::size_t taken() const noexcept { return taken_; } ///< Being looked at.

private:
  struct entry {
    std::string timestamp;         ///< Of the newest profile; empty: its key has none.
    std::uint64_t digest = 0;      ///< Last dealt with; 0: none yet.
    std::uint32_t sweep = 0;       ///< The last sweep in which, or since which, the key was seen.
    bool refused = false;          ///< That content is no valid profile.
    place queued = place::nowhere; ///< Where the user waits.
    bool taken = false;
    bool changed_again = false; ///< Changed while it was taken.
  };
  using table = std::unordered_map<std::string, entry>;

  void enqueue(table::value_type& user, place queue);

  table users_;
  std::deque<std::string> fresh_;   ///< Announced changes.
  std::deque<std::string> backlog_; ///< Found by a sweep, or to be tried again.
  std::size_t taken_ = 0;
  std::uint32_t sweep_ = 0;
};

} // namespace winnow
