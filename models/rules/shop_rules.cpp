#include "models/rules/shop_rules.hpp"

#include <algorithm>

namespace winnow {

namespace {

bool has(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// Whether the more specific query leaves the pin of a rule its place.
bool stands(const item_pin& pin, const list_query& specific) {
  return !has(specific.exclude, pin.item_id) &&
         std::none_of(specific.pins.begin(), specific.pins.end(), [&](const item_pin& other) {
           return other.item_id == pin.item_id || other.place == pin.place;
         });
}

void add_pins(const list_query& rules, list_query& specific) {
  auto pins = specific.pins;
  for (auto pin : rules.pins)
    if (stands(pin, specific)) {
      pin.of_rules = true;
      pins.push_back(std::move(pin));
    }
  std::sort(pins.begin(), pins.end(), [](const item_pin& a, const item_pin& b) { return a.place < b.place; });
  specific.pins = std::move(pins);
}

} // namespace

const shop_placement* shop_rules::find(std::string_view placement) const {
  const auto found = placements.find(placement);
  return found == placements.end() ? nullptr : &found->second;
}

std::vector<std::string> shop_rules::names() const {
  std::vector<std::string> all;
  for (const auto& [name, placement] : placements)
    all.push_back(name);
  return all;
}

list_query combined(const list_query& rules, list_query specific) {
  add_pins(rules, specific);
  specific.exclude.insert(specific.exclude.end(), rules.exclude.begin(), rules.exclude.end());
  specific.boosts.insert(specific.boosts.end(), rules.boosts.begin(), rules.boosts.end());
  if (rules.filter)
    specific.filter = specific.filter ? both_filters(*rules.filter, *specific.filter) : rules.filter;
  if (!specific.limit)
    specific.limit = rules.limit;
  if (!specific.says_diversity) {
    specific.diversity = rules.diversity;
    specific.spread_by = rules.spread_by;
    specific.most_of_one = rules.most_of_one;
    specific.says_diversity = rules.says_diversity;
  }
  return specific;
}

} // namespace winnow
