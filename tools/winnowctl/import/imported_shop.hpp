#pragma once

#include "config/error.hpp"
#include "tools/winnowctl/import/gorse_records.hpp"

#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

namespace winnow {

/// How many records were left out for one reason.
struct reason_count {
  std::size_t count = 0;
  std::string example; ///< The first: where it is, what was expected and what came.
};

/// What was read of all files, and what becomes of it.
class imported_shop final : public gorse_sink {
public:
  /// @param types The types of feedback that count; empty: all but `read`.
  explicit imported_shop(std::set<std::string> types) : types_(std::move(types)) {}

  void take(gorse_feedback one) override;
  void take(gorse_item one) override;
  void take_user() override { ++users_; }
  void leave_out(const std::string& where, const std::string& why) override;

  /// Brings each user's items into the order of time. To be called once, after the last file.
  void settle();

  /// Writes `user_id,item_id[,timestamp]`, each user's items from oldest to newest; no times if Gorse knew
  /// none. Unknown ones among others are empty, and count as the oldest. Needs `settle`.
  result<void> write_interactions(const std::string& path) const;

  /// Writes `item_id,categories[,hidden][,comment],labels…`, with the columns that any item has a value of.
  /// Returns the columns' names.
  result<std::vector<std::string>> write_items(const std::string& path) const;

  /// Calls `visit` for each user with a history, oldest item first, until it fails. Needs `settle`.
  result<void> each_history(
      const std::function<result<void>(const std::string&, const std::vector<std::string_view>&)>& visit)
      const;

  std::size_t interactions() const { return interactions_; } ///< Needs `settle`.
  std::size_t histories() const { return histories_; }       ///< Users with an interaction. Needs `settle`.
  std::size_t users() const { return users_; }               ///< User records.
  std::size_t items() const { return items_.size(); }        ///< Item records.
  std::size_t hidden() const;                                ///< Of these, the hidden ones.
  std::size_t left_out() const { return left_out_; }
  const std::vector<std::string>& examples() const { return examples_; }          ///< Of what was left out.
  const std::map<std::string, reason_count>& reasons() const { return reasons_; } ///< Why it was, by kind.
  /// Interactions without a time in a file with times. Needs `settle`.
  std::size_t without_time() const { return has_times_ ? without_time_ : 0; }
  bool counts(const std::string& type) const;
  const std::map<std::string, std::size_t>& types_seen() const { return types_seen_; }

private:
  struct event {
    std::optional<std::int64_t> time; ///< Unix seconds; nullopt: unknown.
    std::uint32_t item;
  };

  std::uint32_t number_of(const std::string& item);
  std::vector<std::string> item_columns() const; ///< Of the file of items.

  const std::set<std::string> types_;
  std::map<std::string, std::size_t> types_seen_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<const std::string*> names_;            ///< Of the items, by number; the keys of `numbers_`.
  std::map<std::string, std::vector<event>> events_; ///< By user.
  std::map<std::string, gorse_item> items_;
  std::vector<std::string> examples_;
  std::map<std::string, reason_count> reasons_;
  std::size_t users_ = 0, left_out_ = 0, interactions_ = 0, histories_ = 0, without_time_ = 0;
  bool has_times_ = false;
};

} // namespace winnow
