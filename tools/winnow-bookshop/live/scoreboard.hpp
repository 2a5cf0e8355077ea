#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace winnow {

/// How one purchase of an invented reader relates to the list that the reader saw, and to the best sellers
/// that a shop without Winnow could have shown in its place: as many books, none that the reader has.
struct visit_outcome {
  bool saw_list = false;        ///< False: there was no list yet. Then all the others are false.
  bool wanted_on_list = false;  ///< The book that the reader came for was on the list.
  bool tempted_by_list = false; ///< It was not, but the reader bought another one from the list.
  bool wanted_on_best = false;  ///< The same two for the best sellers.
  bool tempted_by_best = false;
  bool list_was_behind = false; ///< The list still had a book that the reader has bought.
};

/// Counts of a shop that is played live.
struct scoreboard {
  std::uint64_t purchases = 0; ///< Of invented readers. All below count some of these, but the last three.
  std::uint64_t without_list = 0;
  std::uint64_t wanted_on_list = 0;
  std::uint64_t tempted_by_list = 0;
  std::uint64_t wanted_on_best = 0;
  std::uint64_t tempted_by_best = 0;
  std::uint64_t lists_behind = 0;
  std::uint64_t page_purchases = 0; ///< By visitors of the page.
  std::uint64_t page_from_list = 0; ///< Of these, of a book on the list that the page showed.
  std::uint64_t failures = 0;       ///< Of requests to the store or to winnowd.

  void add(const visit_outcome& visit);

  /// Shares of the purchases with a list, from 0 to 1; 0 if there are none.
  double hit_rate() const;      ///< Bought from the list.
  double best_hit_rate() const; ///< What the best sellers would have got.
  double wanted_rate() const;   ///< On the list, and wanted before the reader saw it.
  double best_wanted_rate() const;
};

/// One line of progress, without a line feed.
std::string progress_line(const scoreboard& counts, std::chrono::milliseconds since_start);

/// The report at the end, in several lines.
std::string summary(const scoreboard& counts, std::chrono::milliseconds duration);

} // namespace winnow
