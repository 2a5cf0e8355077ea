#pragma once

#include "models/learning/user_marks.hpp"
#include "models/online/taken_outcome.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <gsl/span>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace winnow {

/// Keeps the last list of each user, and finds out whether the user then takes what is on it. Of a list, the
/// first 200 items count, which are all that a request can ask for. Bounded: about 190 bytes a list, and for
/// one of more than 20 items about 80 more and 4 for each item beyond these, 1 kB at most; if there are too
/// many lists, those that did not change for longest are forgotten. Thread-safe.
///
/// How many items are new in a history follows from its length and last items (`history_mark`). Of a history
/// that was rewritten nothing is counted, nor are items that the history had before.
///
/// The list of a placement is kept beside the plain one. It counts for the next change of the profile only,
/// until it is shown again: unlike the plain list, it is not computed at each change.
class taken_watch {
public:
  /// A list that is kept.
  struct found_list {
    std::uint64_t key = 0;           ///< Of the user and the placement.
    std::uint64_t generation = 0;    ///< Of the list at that time; 0: there was none.
    std::uint32_t index = 0;         ///< Where it was kept, if there was one.
    std::vector<std::size_t> places; ///< Of the new items on that list; 0: not on it.
  };

  /// A profile, as one found it.
  struct sighting {
    history_mark mark;
    found_list last;
    std::vector<found_list> placed; ///< The lists of placements that were shown before it changed.
  };

  /// An item that a user took.
  struct taken_item {
    std::string version;   ///< Of the models that made the list.
    std::string placement; ///< Empty: it was the plain list.
    std::size_t place = 0; ///< 0: not on the list.
    double age = 0;        ///< Of the list, in seconds.
  };

  /// @param most_users How many lists are kept, with those of placements.
  explicit taken_watch(std::size_t most_users) : most_users_(most_users) {}

  /// Compares a profile with the user's last list, and with those of placements. Changes nothing.
  /// @param history Oldest first. @param placement Not empty: with the last list of this one alone.
  sighting look(std::string_view user_id, gsl::span<const std::string> history,
                std::string_view placement = {}) const;

  /// Whether `look` would find a list of the user.
  bool watches(std::string_view user_id) const;

  /// The models of a user.
  struct origin {
    std::string_view version;        ///< Digest of the models.
    std::string_view trial = {};     ///< See `experiment::trial`; empty: there is no experiment.
    std::string_view placement = {}; ///< That of `look`.
  };

  /// A list was stored for the profile, or shown at a placement: counts what was taken since the last one,
  /// unless that was done by another call, and keeps this one. What was taken from a list of the user's
  /// present version counts for the present trial. @param now Seconds since 1970.
  std::vector<taken_item> show(const sighting& of, gsl::span<const std::string_view> list, origin from,
                               std::int64_t now);

  /// Another process has made the list for the profile: the same, and forgets the user.
  std::vector<taken_item> leave(const sighting& of, origin from, std::int64_t now);

  /// Forgets the user's last lists; what was counted stays. @return Whether there was one.
  bool forget(std::string_view user_id);

  /// Forgets all users' last lists; what was counted stays.
  void forget_all();

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

  /// The same by day, of the last 30 days, and of all trials of a version together; earlier days first.
  std::vector<taken_outcome> days() const;

  std::size_t users() const; ///< Whose last plain list is kept.

private:
  static constexpr std::size_t watched_items = 200;
  static constexpr std::size_t usual_items = 20; ///< Most lists have no more.

  /// What a user took that one outcome counts.
  struct user_part {
    std::uint32_t counted_in = 0; ///< Number of the outcome plus 1; 0: none.
    std::uint16_t taken = 0;
    std::uint16_t hits = 0;
    float reciprocal_places = 0;
  };

  struct shown_list {
    std::uint64_t key = 0;
    std::uint64_t generation = 0; ///< 0: free.
    std::int64_t shown = 0;
    history_mark mark;
    std::uint16_t outcome = 0; ///< Of the version.
    std::uint8_t length = 0;   ///< Of the whole list.
    bool was_touched = false;  ///< Since the hand last passed it.
    bool is_placed = false;    ///< At a placement.
    user_part in_trial, on_day;
    std::array<std::uint32_t, usual_items> items{};
  };
  using lists_by_key = std::unordered_map<std::uint64_t, std::uint32_t>;

  void keep_items(shown_list& of, gsl::span<const std::string_view> list);
  std::size_t place_on(const shown_list& list, std::string_view item) const;
  std::uint8_t kept_length(const shown_list& list) const;
  const shown_list* find(std::uint64_t key) const;
  shown_list* unchanged(const found_list& of);
  found_list compare(std::uint64_t key, history_mark mark, gsl::span<const std::string_view> items) const;
  bool knows(std::string_view placement);
  shown_list& place_for(const found_list& of);
  std::uint16_t outcome_of(std::string_view version, std::string_view trial, std::string_view placement);
  std::uint32_t day_of(const taken_outcome& of, std::int64_t now);
  void count(const found_list& of, const origin& from, std::int64_t now, std::vector<taken_item>& taken);
  std::vector<taken_item> count_all(const sighting& of, const origin& from, std::int64_t now);
  static void count_place(user_part& of, std::uint32_t number, taken_outcome& outcome, std::size_t place,
                          double age, std::int64_t now);
  void drop(lists_by_key::iterator list);

  const std::size_t most_users_;
  mutable std::mutex mutex_; ///< Guards what follows.
  std::vector<shown_list> lists_;
  lists_by_key by_key_;    ///< Index into `lists_`.
  std::size_t placed_ = 0; ///< How many of these are of placements.
  std::size_t hand_ = 0;   ///< Looks for the next one to forget.
  /// By key: the items beyond the usual ones, of the lists that have some.
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> more_items_;
  std::uint64_t generation_ = 0;
  std::vector<taken_outcome> outcomes_;
  std::deque<taken_outcome> days_;
  std::uint32_t first_day_ = 0; ///< Number of the first of these.
  std::vector<std::string> placements_;
  std::uint64_t forgotten_ = 0;
};

} // namespace winnow
