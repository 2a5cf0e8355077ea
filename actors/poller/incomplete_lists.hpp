#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace winnow {

/// The users whose stored lists lack a ranking stage, which had failed or was late, and when each list may be
/// computed again: when another list shows that all stages answer, or, one at a time and ever more seldom, to
/// find that out. If a list that is computed again still lacks a stage, its user's pause doubles, so that a
/// profile for which a stage always fails costs less and less. Used by one thread.
class incomplete_lists {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// From when a list was noted to when it may be computed again for the first time.
  static constexpr std::chrono::seconds first_pause{1};
  /// Between two tries while no list has all stages, at most.
  static constexpr std::chrono::seconds longest_probe_pause{30};
  /// How many lists one that has all stages lets be computed again. If only a few of those that are computed
  /// again come back as such news, as in a fleet, this is enough to go on.
  static constexpr std::size_t most_at_once = 8;

  /// @param most How many users may be noted. Others are not noted.
  explicit incomplete_lists(std::size_t most = 1'000'000) : most_(most) {}

  /// The user's stored list lacks a stage. What waits already goes on waiting.
  /// @param digest Of all that the list depends on. If it is another one than before, the pauses start again.
  void lacks_stage(const std::string& user_id, std::uint64_t digest, time_point now);

  /// The user's list has all stages, or there is none any more. @return Whether the user was noted.
  bool forget(const std::string& user_id);

  /// A list has all stages now. @return The users whose lists are to be computed again.
  std::vector<std::string> stages_answer(time_point now);

  /// Asks for the next try, often. @return The user whose list is to be computed again, if it is time for
  /// one.
  std::vector<std::string> probe(time_point now);

  /// Whether the user's list is to be computed again, according to `stages_answer` or `probe`. True once.
  bool begin(const std::string& user_id);

  /// Whether the user's list was let be computed again, and has not been noted again since.
  bool is_tried(const std::string& user_id) const;

  /// Whether the user's list is noted.
  bool has(const std::string& user_id) const { return users_.find(user_id) != users_.end(); }

  bool empty() const noexcept { return users_.empty(); }
  std::size_t size() const noexcept { return users_.size(); }

private:
  enum class progress { waiting, released, begun };
  struct entry {
    std::uint64_t digest = 0;
    time_point due;
    std::uint8_t failed_tries = 0;
    progress is = progress::waiting;
  };
  using table = std::unordered_map<std::string, entry>;

  void schedule(table::value_type& user, time_point now);
  std::vector<std::string> take(std::size_t most, time_point now);

  std::size_t most_;
  table users_;
  std::set<std::pair<time_point, const std::string*>> waiting_; ///< Points at keys of `users_`.
  std::chrono::seconds probe_pause_ = first_pause;
  time_point next_probe_ = time_point::min();
};

} // namespace winnow
