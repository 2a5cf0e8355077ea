#pragma once

#include "actors/interfaces.hpp"
#include "actors/poller/profile_poller_self.hpp"
#include "actors/runtime/deadline_watch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace winnow {

/// What the poller is asked during a reconciliation, and told of it.
struct reconciliation_tasks {
  std::function<bool(const profile_key&)> may_lack_result; ///< Whether to look for the profile's result.
  std::function<void(std::vector<profile_key>)> lacking;   ///< These profiles have no result.
  std::function<void(std::vector<profile_key>)> doubted; ///< The results of these may be of another content.
  /// Told what the store says that the result was made of: whether the result may be of another content.
  std::function<bool(const profile_key&, std::uint64_t content)> is_doubtful;
  std::function<bool()> is_busy;                    ///< Whether enough waits to be computed.
  std::function<bool(const profile_key&)> is_known; ///< Whether the profile was found or announced.
  /// The store has the results of these profiles, and not the profiles. Without a timestamp: the user's list.
  std::function<void(std::vector<profile_key>)> gone;
};

/// Looks for what happened while no poller looked, and what a sweep of the profiles does not show: older
/// profiles that have no result, or one of another content, and results and lists whose profile is gone.
/// Follows a complete sweep, because only then is known which profiles are older and which there are. Part of
/// the poller, and on its thread.
///
/// Where the store keeps records, only the results and lists of users with a record are looked for, and of
/// those whose profile the poller knew: other programs may have stored those of others.
///
///   idle -- `begin` --> under way, page by page -- after the last page, or `stop` --> idle
///
/// A round has a limited number of pages, so that the store has little to do at a time. What fails is begun
/// again in the next round.
class reconciliation {
public:
  reconciliation(std::shared_ptr<deadline_watch<profile_poller_self>> watch, reconciliation_tasks tasks)
      : watch_(std::move(watch)), tasks_(std::move(tasks)) {}

  /// One that is under way goes on to its end, and is followed by this one: begun again and again, it would
  /// never come to its last keys.
  /// @param doubts Whether older profiles may have changed unnoticed.
  /// @param lists_go Whether to look for results and lists whose profile is gone.
  /// @param gone Users whose profile was known and is gone. Their records may be, too, as those of a
  /// cluster's
  ///   master that lost its data while others kept the results.
  void begin(bool doubts, bool lists_go, const std::vector<std::string>& gone = {});
  void stop();

  /// Begins the next round. @param limit The time for each request.
  void begin_round(const neighbours_ptr& neighbours, std::chrono::milliseconds limit);

  /// Requests the next page, unless one is in flight, the round is over or the poller is busy.
  void go_on(const neighbours_ptr& neighbours, std::chrono::milliseconds limit);

private:
  /// What the requests of a page are made with.
  struct page_context {
    neighbours_ptr neighbours;
    std::chrono::milliseconds limit;
    std::uint64_t run; ///< Replies to an earlier one mean nothing.
    key_family family;
    std::uint64_t next = 0; ///< The cursor of the next page.
  };

  static constexpr std::size_t pages_a_round = 20;
  static constexpr std::uint64_t page_size = 1000; ///< Keys that the store looks at.

  void look_at(const std::vector<std::string>& redis_keys, const page_context& page);
  bool is_suspect(const profile_key& key, key_family family) const;
  bool is_doubted(const profile_key& key, const store_value& found) const;
  bool is_gone(const profile_key& key, const store_value& found) const;
  void ask(std::vector<profile_key> keys, const page_context& page);
  void take(const std::vector<profile_key>& keys, const std::vector<store_reply>& replies,
            const page_context& page);
  void tell(const std::vector<profile_key>& keys, const std::vector<store_reply>& replies,
            bool of_profiles) const;
  void turn(const page_context& page);
  void fail(const page_context& page);

  std::shared_ptr<deadline_watch<profile_poller_self>> watch_;
  reconciliation_tasks tasks_;
  std::uint64_t run_ = 0; ///< Number of the reconciliation.
  std::size_t step_ = 0;  ///< Index of the family.
  std::size_t steps_ = 0; ///< How many families to go through.
  std::uint64_t cursor_ = 0;
  std::size_t pages_left_ = pages_a_round; ///< In this round.
  std::unordered_set<std::string> gone_;   ///< Users whose profile was known.
  bool under_way_ = false;
  bool doubts_ = false;
  bool again_ = false;        ///< Another one follows,
  bool doubts_again_ = false; ///< with doubts.
  bool in_flight_ = false;    ///< A page is.
};

} // namespace winnow
