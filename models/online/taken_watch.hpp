#pragma once

#include "models/learning/user_marks.hpp"
#include "models/online/taken_outcome.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <gsl/span>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace winnow {

/// Keeps the last list of each user, and finds out whether the user then takes what is on it. Of a list, the
/// first 20 items count. Bounded: about 170 bytes a user, and if there are too many, users whose lists did
/// not change for longest are forgotten. Thread-safe.
///
/// How many items are new in a history follows from its length and last items (`history_mark`). Of a history
/// that was rewritten nothing is counted, nor are items that the history had before.
class taken_watch {
public:
  /// A profile, as one found it.
  struct sighting {
    std::uint64_t user = 0;
    history_mark mark;
    std::uint64_t generation = 0;    ///< Of the user's list at that time; 0: there was none.
    std::vector<std::size_t> places; ///< Of the new items on that list; 0: not on it.
  };

  /// An item that a user took.
  struct taken_item {
    std::string version;   ///< Of the models that made the list.
    std::size_t place = 0; ///< 0: not on the list.
    double age = 0;        ///< Of the list, in seconds.
  };

  /// @param most_users Whose lists are kept.
  explicit taken_watch(std::size_t most_users) : most_users_(most_users) {}

  /// Compares a profile with the user's last list. Changes nothing.
  /// @param history Oldest first.
  sighting look(std::string_view user_id, gsl::span<const std::string> history) const;

  /// Whether `look` would find a list of the user.
  bool watches(std::string_view user_id) const;

  /// The models of a user.
  struct origin {
    std::string_view version;    ///< Digest of the models.
    std::string_view trial = {}; ///< See `experiment::trial`; empty: there is no experiment.
  };

  /// A list was stored for the profile: counts what was taken since the last one, unless that was done by
  /// another call, and keeps this one. What was taken from a list of the user's present version counts for
  /// the present trial. @param now Seconds since 1970.
  std::vector<taken_item> show(const sighting& of, gsl::span<const std::string_view> list, origin from,
                               std::int64_t now);

  /// Another process has made the list for the profile: the same, and forgets the user.
  std::vector<taken_item> leave(const sighting& of, origin from, std::int64_t now);

  /// Forgets the user's last list; what was counted stays. @return Whether there was one.
  bool forget(std::string_view user_id);

  /// Everything, to go on with after a restart.
  void save(state_writer& into) const;

  /// Goes on with what `save` wrote. Of more users than there is room for, some are left out.
  /// @return False if it cannot be read; then nothing changes.
  bool restore(state_reader& from);

  /// Grows with every change, to know whether to save.
  std::uint64_t changes() const;

  /// Grows with every user that is forgotten on demand, which a file must not remember either.
  std::uint64_t forgotten() const;

  /// What was counted, in the order in which lists of the versions were first stored.
  std::vector<taken_outcome> outcomes() const;

  std::size_t users() const;

private:
  static constexpr std::size_t watched_items = 20;

  struct shown_list {
    std::uint64_t user = 0;
    std::uint64_t generation = 0; ///< 0: free.
    std::int64_t shown = 0;
    history_mark mark;
    std::uint16_t outcome = 0; ///< Of the version.
    std::uint8_t length = 0;
    bool was_touched = false;     ///< Since the hand last passed it.
    std::uint16_t counted_in = 0; ///< The outcome of which what follows is a part, and its number plus 1.
    std::uint16_t taken = 0;      ///< Of this outcome.
    std::uint16_t hits = 0;
    float reciprocal_places = 0;
    std::array<std::uint32_t, watched_items> items{};
  };

  const shown_list* find(std::uint64_t user) const;
  shown_list& place_for(std::uint64_t user);
  std::uint16_t outcome_of(std::string_view version, std::string_view trial);
  std::vector<taken_item> count(const sighting& of, origin from, std::int64_t now);
  static void count_place(shown_list& of, std::uint16_t which, taken_outcome& outcome, std::size_t place);
  void drop(std::unordered_map<std::uint64_t, std::uint32_t>::iterator user);

  const std::size_t most_users_;
  mutable std::mutex mutex_; ///< Guards what follows.
  std::vector<shown_list> lists_;
  std::unordered_map<std::uint64_t, std::uint32_t> by_user_; ///< Index into `lists_`.
  std::size_t hand_ = 0;                                     ///< Looks for the next one to forget.
  std::uint64_t generation_ = 0;
  std::vector<taken_outcome> outcomes_;
  std::uint64_t forgotten_ = 0;
};

} // namespace winnow
