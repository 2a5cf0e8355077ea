#pragma once

#include "models/asking/item_choice.hpp"
#include "models/asking/list_query.hpp"
#include "models/ranked_list.hpp"

#include <cstdint>
#include <deque>
#include <memory>
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

  std::shared_ptr<const item_choice> allowed; ///< Null: all items.
  bool leaves_history_out = true;
  std::vector<std::uint32_t> excluded; ///< Besides the history; ascending.
  std::vector<boost> boosts;
  std::vector<pin> pins; ///< By place.
  float diversity = 0;
  const attribute_column* spread_by = nullptr; ///< Belongs to the model set.
  std::size_t most_of_one = 1;
  std::size_t limit = 0, offset = 0;
  /// Widths of the placement; 0: the usual ones.
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
  /// What the entries are made for.
  const void *attributes_ = nullptr, *adopted_ = nullptr, *withheld_ = nullptr;
  std::string version_;
  std::deque<entry> entries_; ///< Latest use first.
};

/// Translates a query. Withheld items are on no list, also if they are pinned. @return `malformed` if a
/// filter or an attribute does not fit the models' items;
///   `not_found` if the models do not know an item that is pinned.
result<list_wishes> resolve_wishes(const list_query& query, const model_set& models,
                                   std::size_t default_limit, kept_choices& kept);

/// Widens the stages for a list that is longer than the last stage keeps, or is chosen from more.
cascade_widths widths_for(const list_wishes& wishes, const cascade_widths& usual);

/// Chooses the final list from the last stage's.
///
/// With `diversity` d, items are chosen one by one (maximal marginal relevance, Carbonell and Goldstein
/// 1998): the one with the largest (1 - d) · relevance - d · similarity, where relevance is the score's place
/// between the least and the greatest, and similarity the greatest cosine to an item that was chosen before.
/// With `spread_by`, an item is passed over if `most_of_one` items with one of its values were chosen before.
/// Then pinned items are put at their places, and `offset` items are left out.
std::vector<std::uint32_t> arrange_list(const model_set& models, const list_wishes& wishes,
                                        const ranked_list& ranked);

/// Why a list is shorter than was asked for; empty if it is not.
std::string shortage_of(const list_wishes& wishes, const user_context& user, std::size_t found,
                        std::size_t catalogue_size);

} // namespace winnow
