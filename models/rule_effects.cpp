#include "models/rule_effects.hpp"

#include "models/list_wishes.hpp"
#include "models/model_set.hpp"

#include <algorithm>

namespace winnow {

namespace {

bool has(const list_query& rules, std::string_view excluded) {
  return std::find(rules.exclude.begin(), rules.exclude.end(), excluded) != rules.exclude.end();
}

const item_pin* pin_of(const list_query& rules, std::string_view item_id) {
  const auto found = std::find_if(rules.pins.begin(), rules.pins.end(),
                                  [&](const item_pin& pin) { return pin.item_id == item_id; });
  return found == rules.pins.end() ? nullptr : &*found;
}

} // namespace

rule_effects::rule_effects(const shop_rules& rules, std::string_view placement, const model_set& models)
    : models_(models), all_(&rules.for_all), together_(&rules.for_all) {
  add("", rules.for_all);
  if (const auto* const found = rules.find(placement)) {
    placement_prefix_ = "placements." + std::string(placement) + ".";
    own_ = &found->own;
    together_ = &found->all;
    add(placement_prefix_, found->own);
  }
}

void rule_effects::add(const std::string& prefix, const list_query& rules) {
  kept_choices kept;
  if (rules.filter)
    if (const auto items = kept.find(*rules.filter, models_))
      about_.push_back({prefix + "filter", *items, true});
  for (std::size_t i = 0; i < rules.boosts.size(); ++i)
    if (const auto items = kept.find(rules.boosts[i].filter, models_))
      about_.push_back({prefix + "boost[" + std::to_string(i) + "]", *items});
}

void rule_effects::add_matching(std::string_view item_id, bool is_out,
                                std::vector<std::string>& paths) const {
  if (is_out && has(*all_, item_id))
    paths.emplace_back("exclude");
  if (is_out && own_ != nullptr && has(*own_, item_id))
    paths.push_back(placement_prefix_ + "exclude");
  if (const auto item = models_.items.find(item_id))
    for (const auto& rule : about_)
      if (rule.is_filter ? is_out && !rule.items->allows(*item) : rule.items->allows(*item))
        paths.push_back(rule.path);
}

std::vector<std::string> rule_effects::on(std::string_view item_id, std::optional<std::size_t> with,
                                          std::optional<std::size_t> without) const {
  // A pinned item is at its place, or on a list only by its pin that ends before.
  if (const auto* const pin = pin_of(*together_, item_id);
      pin != nullptr && with && (*with == pin->place || !without)) {
    const bool is_own = own_ != nullptr && pin_of(*own_, item_id) != nullptr;
    return {(is_own ? placement_prefix_ : std::string()) + "pin." + std::string(item_id)};
  }
  std::vector<std::string> paths;
  add_matching(item_id, !with.has_value(), paths);
  if (!paths.empty() || with)
    return paths;
  // Pinned items push others over the limit.
  if (own_ != nullptr && own_->limit && without && *without + together_->pins.size() > *own_->limit)
    paths.push_back(placement_prefix_ + "limit");
  else if (together_->diversity > 0 || !together_->spread_by.empty())
    paths.push_back((own_ != nullptr && own_->says_diversity ? placement_prefix_ : std::string()) +
                    "diversity");
  return paths;
}

} // namespace winnow
