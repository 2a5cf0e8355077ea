#pragma once

#include "models/list_wishes.hpp"
#include "models/rules/shop_rules.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace winnow {

/// The rules that do not fit the items of a model set, because these have no such attribute or one of another
/// type: the path of each in its file, and why.
std::vector<std::string> misfits_of(const shop_rules& rules, const model_set& models);

/// Applies a shop's rules to what is asked of lists. What rules alone ask is resolved once for each state of
/// the catalogue. One thread.
class ruled_lists {
public:
  /// @param on_misfits Is called with the rules that do not fit the items and are left out for that, whenever
  ///   the rules or the items have changed; with none if all fit.
  explicit ruled_lists(std::function<void(const std::vector<std::string>&)> on_misfits = {})
      : on_misfits_(std::move(on_misfits)) {}

  /// @param query What a client asks; null: nothing.
  /// @param default_limit As for `resolve_wishes`.
  /// @return Null if neither the rules nor the query want anything. `malformed` for an unknown placement,
  /// with
  ///   the most similar one, and as `resolve_wishes` says.
  result<std::shared_ptr<const list_wishes>> resolve(const shop_rules_ptr& rules, const list_query* query,
                                                     const model_set& models, std::size_t default_limit);

  /// Returns how many comparisons of items and conditions `resolve` would make for what a client asks. What
  /// was asked lately costs none.
  std::size_t comparisons(const shop_rules_ptr& rules, const list_query& query, const model_set& models);

private:
  using wishes_ptr = std::shared_ptr<const list_wishes>;

  void use(const shop_rules_ptr& rules, const model_set& models);
  result<list_wishes> resolve_with(const shop_placement* placement, const list_query& query,
                                   const model_set& models, std::size_t default_limit);

  std::function<void(const std::vector<std::string>&)> on_misfits_;
  shop_rules_ptr given_, fitting_; ///< As in the file; without those that do not fit the items.
  std::shared_ptr<const void> attributes_, adopted_, withheld_; ///< What these were resolved for.
  std::string version_;
  std::map<std::string, wishes_ptr, std::less<>> bare_; ///< Of lists without a query, by placement.
  kept_choices kept_;
};

/// Leaves out the pins of rules whose item the user has.
/// @param taken Ascending.
std::shared_ptr<const list_wishes> without_taken_pins(std::shared_ptr<const list_wishes> wishes,
                                                      const std::vector<std::uint32_t>& taken);

} // namespace winnow
