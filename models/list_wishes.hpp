#pragma once

#include "models/asking/item_choice.hpp"
#include "models/asking/list_query.hpp"
#include "models/ranked_list.hpp"

#include <cstdint>
#include <deque>
#include <gsl/span>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

struct cascade_widths;
struct model_set;
struct user_context;

/// What a client asks of a list, in terms of a model set: indices instead of ids.
struct list_wishes {
  struct boost {
    std::shared_ptr<const item_choice> items;
    float log_factor = 0; ///< Added to scores, whose exponentials are shares of the softmax.
  };
  struct pin {
    std::uint32_t item = 0;
    std::size_t place = 1;
    bool of_rules = false; ///< Left out if the user has the item.
  };
  /// The items that a query names to be ranked, each once, and which of them are not: each counts for the
  /// first reason that holds.
  struct named_items {
    std::size_t all = 0, known = 0;
    std::size_t withheld = 0, filtered = 0, excluded = 0; ///< Of the known ones.
  };

  std::shared_ptr<const item_choice> allowed; ///< Null: all items.
  std::optional<named_items> named;           ///< Unset: the whole catalogue is ranked.
  bool leaves_history_out = true;
  std::vector<std::uint32_t> excluded; ///< Besides the history; ascending.
  std::vector<boost> boosts;
  std::vector<pin> pins; ///< By place.
  float diversity = 0;
  const attribute_column* spread_by = nullptr; ///< Belongs to the model set.
  std::size_t most_of_one = 1;
  std::size_t limit = 0, offset = 0;
  /// Widths of the placement; 0: those that follow from the usual ones.
  std::size_t candidates = 0, din_keep = 0;
  std::shared_ptr<const withheld_items> withheld; ///< Of the model set; null: none.
  /// Items that the query names as candidates or pins, and that are withheld.
  std::vector<std::pair<std::string, withheld_reason>> named_withheld;

  /// Whether an item may be on the list, as far as the wishes say.
  bool allows(std::uint32_t item) const noexcept;
  /// Whether candidate generation must look at the wishes.
  bool narrow() const noexcept { return allowed || !excluded.empty() || !leaves_history_out; }
  /// Whether they are a set of items to be left out, and perhaps a filter that most items pass: a search for
  /// some more items than are needed then finds enough, together with those of others.
  bool narrows_little(std::size_t catalogue_size) const noexcept {
    return leaves_history_out && (!allowed || allowed->count() * 2 >= catalogue_size);
  }
  /// The items that these wishes allow, apart from withheld ones; null: all. For what is no list of a user.
  std::shared_ptr<const item_choice> all_allowed(const model_set& models) const;
  /// What is added to the score of an item.
  float boost_of(std::uint32_t item) const noexcept;
  /// Whether the list may need more items than the first `kept` of their order.
  bool may_need_more_than(std::size_t kept) const noexcept;
};

/// Keeps the items that filters allow, for the next request with the same filter. One thread.
class kept_choices {
public:
  explicit kept_choices(std::size_t most = 64) : most_(most) {}

  void keep(std::size_t most) { most_ = most; } ///< From now on.

  /// Returns the items that pass. @return `malformed` if the filter does not fit the items' attributes.
  result<std::shared_ptr<const item_choice>> find(const named_filter& filter, const model_set& models);

  /// Returns whether `find` need not look at all items.
  bool has(const named_filter& filter, const model_set& models) const;

private:
  bool is_of(const model_set& models) const;

  struct entry {
    std::string filter;
    std::shared_ptr<const item_choice> items;
  };
  std::size_t most_;
  /// What the entries are made for. Does not keep it alive, but tells it from what comes to its address
  /// later.
  std::weak_ptr<const void> attributes_, adopted_, withheld_;
  std::string version_;
  std::deque<entry> entries_; ///< Latest use first.
};

/// Translates a query. Withheld items are on no list, also if they are pinned. @return `malformed` if a
/// filter or an attribute does not fit the models' items;
///   `not_found` if the models do not know an item that is pinned.
result<list_wishes> resolve_wishes(const list_query& query, const model_set& models,
                                   std::size_t default_limit, kept_choices& kept);

/// The widths of the stages for a list. They do not depend on its `limit` and `offset`, so that a list is
/// always the beginning of a longer one, except that of RankNet: it keeps all items that it ranks if the list
/// may need them.
cascade_widths widths_for(const list_wishes& wishes, const cascade_widths& usual);

/// How many items DIN passes on: those that RankNet ranks, or all of them if the list may need more.
/// @param widths Those of `widths_for`, here and below.
std::size_t din_items_for(const list_wishes& wishes, const cascade_widths& widths);

/// How many candidates to look for besides the usual ones if these are too few, see `further_candidates`. The
/// same number for all pages of a list.
std::size_t further_for(const list_wishes& wishes, std::size_t catalogue_size);

/// Whether there may be further candidates, which were not looked for yet. @param found How many there are.
bool may_have_further(const list_wishes& wishes, const cascade_widths& widths, std::size_t found);

/// The order in which items come onto a list, in parts; each is in the order of one stage.
using list_parts = std::vector<gsl::span<const scored_item>>;

/// A list begins with what RankNet ranked. Behind it is what DIN kept and RankNet did not rank, in DIN's
/// order, and then what DIN did not rank, in the order of candidate generation.
/// @param ranked By RankNet; without it, what it should have ranked.
/// @param by_din RankNet was given its first `widths.din_keep`.
/// @param candidates DIN was given the first `widths.candidates` of them. All three must outlive the parts.
list_parts parts_of(const ranked_list& ranked, const ranked_list& by_din, const ranked_list& candidates,
                    const cascade_widths& widths);

/// The final list.
struct arranged_list {
  std::vector<std::uint32_t> items;
  bool ran_out = false; ///< There were too few items to choose from.
};

/// Chooses the final list. A list is always the beginning of a longer one.
///
/// With `diversity` d, items are chosen one by one (maximal marginal relevance, Carbonell and Goldstein
/// 1998): the one with the largest (1 - d) · relevance - d · similarity, where relevance is the score's place
/// between the least and the greatest, and similarity the greatest cosine to an item that was chosen before.
/// So that long lists cost little, it chooses among 100 items of a part at most, and goes on with the next
/// ones when all of these are on the list; of what was chosen before that, it compares with the last 20.
/// With `spread_by`, an item is passed over if `most_of_one` items with one of its values were chosen before
/// or are pinned, wherever.
/// Then pinned items are put at their places, and `offset` items are left out.
arranged_list arrange_list(const model_set& models, const list_wishes& wishes, const list_parts& parts);

/// Why a list is shorter than was asked for; empty if it is not.
/// @param looked_at How many candidates, if there may be more of them.
std::string shortage_of(const list_wishes& wishes, const user_context& user, std::size_t found,
                        std::size_t catalogue_size, std::optional<std::size_t> looked_at = std::nullopt);

} // namespace winnow
