#include "models/ruled_lists.hpp"

#include "config/settings/suggestion.hpp"
#include "models/model_set.hpp"

#include <algorithm>

namespace winnow {

namespace {

// Results of filters that are kept for the queries of clients.
constexpr std::size_t most_of_queries = 64;

/// Drops the rules that do not fit the items of a model set, and names them.
class rule_fitting {
public:
  rule_fitting(const model_set& models, kept_choices& kept) : models_(models), kept_(kept) {}

  void fit(const std::string& prefix, list_query& rules) {
    if (rules.filter && !fits(prefix, *rules.filter))
      rules.filter.reset();
    std::size_t place = 0;
    const auto misfit = [&](const item_boost_query& boost) {
      return !fits(prefix + "boost[" + std::to_string(place++) + "].", boost.filter);
    };
    std::vector<item_boost_query> boosts;
    for (const auto& boost : rules.boosts)
      if (!misfit(boost))
        boosts.push_back(boost);
    rules.boosts = std::move(boosts);
    list_query spread;
    spread.spread_by = rules.spread_by;
    if (const auto wishes = resolve_wishes(spread, models_, 1, kept_); !wishes) {
      misfits_.push_back(prefix + wishes.error().message);
      rules.spread_by.clear();
    }
  }

  std::vector<std::string> take() { return std::move(misfits_); }

private:
  bool fits(const std::string& prefix, const named_filter& filter) {
    const auto items = kept_.find(filter, models_);
    if (!items)
      misfits_.push_back(prefix + items.error().message);
    return items.has_value();
  }

  const model_set& models_;
  kept_choices& kept_;
  std::vector<std::string> misfits_;
};

std::vector<std::string> fit(shop_rules& rules, const model_set& models, kept_choices& kept) {
  rule_fitting fitting(models, kept);
  fitting.fit("", rules.for_all);
  for (auto& [name, placement] : rules.placements) {
    fitting.fit("placements." + name + ".", placement.own);
    placement.all = combined(rules.for_all, placement.own);
  }
  return fitting.take();
}

/// Whether a request with this query gets the same list as without, apart from the placement.
bool is_bare(const list_query& query) {
  return query.asks_nothing() && query.fields.empty();
}

/// How many filters the lists of these rules need.
std::size_t filters_of(const shop_rules& rules) {
  std::size_t filters = rules.for_all.boosts.size() + 1;
  for (const auto& [name, placement] : rules.placements)
    filters += placement.own.boosts.size() + 2;
  return filters;
}

tl::unexpected<error> unknown_placement(const shop_rules* rules, const std::string& name) {
  if (rules == nullptr)
    return fail(fault::malformed,
                "placement: expected none, as there is no file of rules (--rules), got \"" + name + "\"");
  return fail(fault::malformed,
              "placement: the rules have no \"" + name + "\"" + suggestion(name, rules->names()));
}

/// A pin of a rule for items that were not given to be ranked has no place among them.
void drop_pins_of_others(list_query& query) {
  const auto is_other = [&](const item_pin& pin) {
    return pin.of_rules &&
           std::find(query.items->begin(), query.items->end(), pin.item_id) == query.items->end();
  };
  query.pins.erase(std::remove_if(query.pins.begin(), query.pins.end(), is_other), query.pins.end());
}

} // namespace

std::vector<std::string> misfits_of(const shop_rules& rules, const model_set& models) {
  auto copy = rules;
  kept_choices kept;
  return fit(copy, models, kept);
}

void ruled_lists::use(const shop_rules_ptr& rules, const model_set& models) {
  const std::shared_ptr<const void> adopted =
      models.learned ? std::shared_ptr<const void>(models.learned->adopted) : nullptr;
  if (rules == given_ && models.attributes == attributes_ && adopted == adopted_ &&
      models.withheld == withheld_ && models.version == version_)
    return;
  const bool is_news = rules != given_ || models.attributes != attributes_;
  given_ = rules;
  attributes_ = models.attributes;
  adopted_ = adopted;
  withheld_ = models.withheld;
  version_ = models.version;
  bare_.clear();
  if (!is_news)
    return;
  kept_.keep(most_of_queries + filters_of(*rules));
  auto fitting = *rules;
  const auto misfits = fit(fitting, models, kept_);
  fitting_ = misfits.empty() ? rules : std::make_shared<const shop_rules>(std::move(fitting));
  if (on_misfits_)
    on_misfits_(misfits);
}

result<list_wishes> ruled_lists::resolve_with(const shop_placement* placement, const list_query& query,
                                              const model_set& models, std::size_t default_limit) {
  auto asked = combined(placement != nullptr ? placement->all : fitting_->for_all, query);
  if (asked.limit.value_or(1) + asked.offset > list_query::most_limit)
    return fail(fault::malformed, "limit and offset: expected at most " +
                                      std::to_string(list_query::most_limit) + " together, got " +
                                      std::to_string(*asked.limit + asked.offset) +
                                      ", with the limit of the placement");
  if (asked.items)
    drop_pins_of_others(asked);
  auto wishes = resolve_wishes(asked, models, default_limit, kept_);
  if (wishes && placement != nullptr) {
    wishes->candidates = placement->candidates.value_or(0);
    wishes->din_keep = placement->din_keep.value_or(0);
  }
  return wishes;
}

result<std::shared_ptr<const list_wishes>> ruled_lists::resolve(const shop_rules_ptr& rules,
                                                                const list_query* query,
                                                                const model_set& models,
                                                                std::size_t default_limit) {
  const auto shared = [](result<list_wishes> wishes) -> result<wishes_ptr> {
    if (!wishes)
      return tl::unexpected(wishes.error());
    return std::make_shared<const list_wishes>(std::move(*wishes));
  };
  const bool names_placement = query != nullptr && !query->placement.empty();
  if (names_placement && (!rules || rules->find(query->placement) == nullptr))
    return unknown_placement(rules.get(), query->placement);
  const bool asks = query != nullptr && !is_bare(*query);
  if (!rules || (rules->plain_digest == 0 && !names_placement))
    return asks ? shared(resolve_wishes(*query, models, default_limit, kept_)) : wishes_ptr();
  use(rules, models);
  const auto* const placement = names_placement ? fitting_->find(query->placement) : nullptr;
  if (asks)
    return shared(resolve_with(placement, *query, models, default_limit));
  const auto key = names_placement ? query->placement : std::string();
  if (const auto known = bare_.find(key); known != bare_.end())
    return known->second;
  auto wishes = shared(resolve_with(placement, {}, models, default_limit));
  if (wishes)
    bare_.emplace(key, *wishes);
  return wishes;
}

std::size_t ruled_lists::comparisons(const shop_rules_ptr& rules, const list_query& query,
                                     const model_set& models) {
  if (!models.attributes || (!query.filter && query.boosts.empty()))
    return 0; // what rules alone ask is kept
  const auto conditions_of = [&](const list_query& asked) {
    std::size_t conditions = 0;
    if (asked.filter && !kept_.has(*asked.filter, models))
      conditions += conditions_in(asked.filter->filter);
    for (const auto& boost : asked.boosts)
      if (!kept_.has(boost.filter, models))
        conditions += conditions_in(boost.filter.filter);
    return conditions;
  };
  const auto rows = models.attributes->table().rows();
  if (!rules || (rules->plain_digest == 0 && query.placement.empty()))
    return conditions_of(query) * rows;
  use(rules, models);
  const auto* const placement = query.placement.empty() ? nullptr : fitting_->find(query.placement);
  return conditions_of(combined(placement != nullptr ? placement->all : fitting_->for_all, query)) * rows;
}

std::shared_ptr<const list_wishes> without_taken_pins(std::shared_ptr<const list_wishes> wishes,
                                                      const std::vector<std::uint32_t>& taken) {
  const auto is_taken = [&](const list_wishes::pin& pin) {
    return pin.of_rules && std::binary_search(taken.begin(), taken.end(), pin.item);
  };
  if (!wishes || !wishes->leaves_history_out ||
      std::none_of(wishes->pins.begin(), wishes->pins.end(), is_taken))
    return wishes;
  auto others = *wishes;
  others.pins.erase(std::remove_if(others.pins.begin(), others.pins.end(), is_taken), others.pins.end());
  return std::make_shared<const list_wishes>(std::move(others));
}

} // namespace winnow
