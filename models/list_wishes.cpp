#include "models/list_wishes.hpp"

#include "config/settings/suggestion.hpp"
#include "models/cascade.hpp"
#include "models/model_set.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_set>

namespace winnow {

namespace {

/// The known ones of these items, ascending and without duplicates.
std::vector<std::uint32_t> known_of(const std::vector<std::string>& ids, const model_set& models) {
  std::vector<std::uint32_t> items;
  for (const auto& id : ids)
    if (const auto item = models.items.find(id))
      items.push_back(*item);
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

/// Notes the named items that are withheld.
void note_withheld(const std::vector<std::string>& ids, const model_set& models, list_wishes& wishes) {
  if (models.withheld)
    for (const auto& id : ids)
      if (const auto why = models.withheld->find(id))
        wishes.named_withheld.emplace_back(id, *why);
}

/// These ids in their order, each once.
std::vector<std::string> distinct(const std::vector<std::string>& ids) {
  std::vector<std::string> found;
  std::unordered_set<std::string_view> seen;
  for (const auto& id : ids)
    if (seen.insert(id).second)
      found.push_back(id);
  return found;
}

/// Allows only the named items, as far as the other wishes do.
void resolve_named(const std::vector<std::string>& ids, const model_set& models, list_wishes& wishes) {
  note_withheld(ids, models, wishes);
  auto items = known_of(ids, models);
  auto& counts = wishes.named.emplace();
  counts.all = ids.size();
  counts.known = items.size();
  const auto count_in = [&](std::size_t& reason, bool holds) {
    reason += holds ? 1 : 0;
    return holds;
  };
  const auto is_unwanted = [&](std::uint32_t item) {
    return count_in(counts.withheld, wishes.withheld && wishes.withheld->has(item)) ||
           count_in(counts.filtered, wishes.allowed && !wishes.allowed->allows(item)) ||
           count_in(counts.excluded, !wishes.allows(item));
  };
  items.erase(std::remove_if(items.begin(), items.end(), is_unwanted), items.end());
  wishes.allowed = std::make_shared<const item_choice>(models.items, items);
  wishes.leaves_history_out = false;
}

result<void> resolve_pins(const list_query& query, const model_set& models, list_wishes& wishes) {
  for (const auto& pin : query.pins) {
    if (models.withheld && models.withheld->find(pin.item_id)) {
      if (!pin.of_rules) // clients did not name the pins of rules
        note_withheld({pin.item_id}, models, wishes);
      continue;
    }
    const auto item = models.items.find(pin.item_id);
    if (!item && pin.of_rules)
      continue;
    if (!item)
      return fail(fault::malformed, "pin: the models do not know the item " + pin.item_id);
    wishes.pins.push_back({*item, pin.place, pin.of_rules});
  }
  return {};
}

result<void> resolve_spread(const list_query& query, const model_set& models, list_wishes& wishes) {
  if (query.spread_by.empty())
    return {};
  const auto* const column = models.attributes ? models.attributes->table().find(query.spread_by) : nullptr;
  if (models.attributes && column == nullptr)
    return fail("diversity", models.attributes->table().unknown(query.spread_by));
  if (column == nullptr || column->is_numeric())
    return fail(fault::malformed,
                "diversity: expected an attribute of texts, got \"" + query.spread_by + "\"");
  wishes.spread_by = column;
  wishes.most_of_one = query.most_of_one;
  return {};
}

result<void> check_fields(const list_query& query, const model_set& models) {
  for (const auto& field : query.fields) {
    if (models.attributes && models.attributes->table().find(field) != nullptr)
      continue;
    const auto names = models.attributes ? models.attributes->table().names() : std::vector<std::string>();
    return fail(fault::malformed,
                "fields: the items have no attribute \"" + field + "\"" + suggestion(field, names));
  }
  return {};
}

std::shared_ptr<const adopted_items> adopted_of(const model_set& models) {
  return models.learned ? models.learned->adopted : nullptr;
}

/// Whether an object is the one that was kept, and no other that came to its address.
bool are_same(const std::weak_ptr<const void>& kept, const std::shared_ptr<const void>& now) {
  return !kept.owner_before(now) && !now.owner_before(kept);
}

} // namespace

bool list_wishes::allows(std::uint32_t item) const noexcept {
  return (!allowed || allowed->allows(item)) && (!withheld || !withheld->has(item)) &&
         !std::binary_search(excluded.begin(), excluded.end(), item);
}

std::shared_ptr<const item_choice> list_wishes::all_allowed(const model_set& models) const {
  if (excluded.empty())
    return allowed;
  return std::make_shared<const item_choice>(
      (allowed ? *allowed : item_choice::all_of(models.items)).without(excluded));
}

float list_wishes::boost_of(std::uint32_t item) const noexcept {
  float sum = 0;
  for (const auto& one : boosts)
    if (one.items->allows(item))
      sum += one.log_factor;
  return sum;
}

bool list_wishes::may_need_more_than(std::size_t kept) const noexcept {
  // Pinned items take places, but are passed over where they stand by themselves.
  return spread_by != nullptr || offset + limit + pins.size() > kept;
}

bool kept_choices::is_of(const model_set& models) const {
  return are_same(attributes_, models.attributes) && are_same(adopted_, adopted_of(models)) &&
         are_same(withheld_, models.withheld) && version_ == models.version;
}

bool kept_choices::has(const named_filter& filter, const model_set& models) const {
  return is_of(models) && std::any_of(entries_.begin(), entries_.end(),
                                      [&](const entry& one) { return one.filter == filter.text; });
}

result<std::shared_ptr<const item_choice>> kept_choices::find(const named_filter& filter,
                                                              const model_set& models) {
  if (!models.attributes)
    return fail(fault::malformed, "filter: the models have no items file (items.csv), so the items have no "
                                  "attributes");
  if (!is_of(models)) {
    entries_.clear();
    withheld_ = models.withheld;
    attributes_ = models.attributes;
    adopted_ = adopted_of(models);
    version_ = models.version;
  }
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const entry& one) { return one.filter == filter.text; });
  if (known != entries_.end()) {
    std::rotate(entries_.begin(), known, known + 1);
    return entries_.front().items;
  }
  const auto rows = rows_that_pass(filter.filter, models.attributes->table());
  if (!rows)
    return tl::unexpected(rows.error());
  entries_.push_front({filter.text, std::make_shared<const item_choice>(models.items, *models.attributes,
                                                                        *rows, models.withheld.get())});
  if (entries_.size() > most_)
    entries_.pop_back();
  return entries_.front().items;
}

result<list_wishes> resolve_wishes(const list_query& query, const model_set& models,
                                   std::size_t default_limit, kept_choices& kept) {
  list_wishes wishes;
  const auto named = distinct(query.items.value_or(std::vector<std::string>()));
  // Without a limit, a page ends with the longest list that may be asked for, or the plain one if it is
  // longer.
  const auto last_place = std::max(default_limit, list_query::most_limit);
  wishes.limit =
      query.limit.value_or(query.items ? named.size() : std::min(default_limit, last_place - query.offset));
  wishes.offset = query.offset;
  wishes.excluded = known_of(query.exclude, models);
  wishes.diversity = static_cast<float>(query.diversity);
  wishes.withheld = models.withheld;
  if (query.filter) {
    auto allowed = kept.find(*query.filter, models);
    if (!allowed)
      return tl::unexpected(allowed.error());
    wishes.allowed = std::move(*allowed);
  }
  if (query.items)
    resolve_named(named, models, wishes);
  for (const auto& boost : query.boosts) {
    const auto items = kept.find(boost.filter, models);
    if (!items)
      return fail("boost", items.error());
    wishes.boosts.push_back({*items, static_cast<float>(std::log(boost.factor))});
  }
  if (auto fits = check_fields(query, models); !fits)
    return tl::unexpected(fits.error());
  if (auto done = resolve_pins(query, models, wishes); !done)
    return tl::unexpected(done.error());
  if (auto done = resolve_spread(query, models, wishes); !done)
    return tl::unexpected(done.error());
  return wishes;
}

cascade_widths widths_for(const list_wishes& wishes, const cascade_widths& usual) {
  auto widths = usual;
  if (!wishes.leaves_history_out) { // all of the items are to be ranked
    widths.candidates = widths.din_keep = widths.ranknet_keep =
        std::max<std::size_t>(wishes.allowed->count(), 1);
    return widths;
  }
  if (wishes.din_keep > 0) {
    widths.din_keep = wishes.din_keep;
    widths.candidates = std::max(usual.candidates, 2 * wishes.din_keep);
  }
  if (wishes.candidates > 0)
    widths.candidates = wishes.candidates;
  widths.din_keep = std::min(widths.din_keep, widths.candidates);
  if (wishes.diversity > 0 || wishes.may_need_more_than(usual.ranknet_keep))
    widths.ranknet_keep = widths.din_keep;
  return widths;
}

std::size_t din_items_for(const list_wishes& wishes, const cascade_widths& widths) {
  return wishes.may_need_more_than(widths.din_keep) ? widths.candidates : widths.din_keep;
}

std::size_t further_for(const list_wishes& wishes, std::size_t catalogue_size) {
  // As many as are scored in about a millisecond.
  constexpr std::size_t all_of = 10'000, some = 2000;
  if (wishes.spread_by == nullptr)
    return list_query::most_limit + wishes.pins.size();
  const auto items = wishes.allowed ? wishes.allowed->count() : catalogue_size;
  return items <= all_of ? items : some;
}

bool may_have_further(const list_wishes& wishes, const cascade_widths& widths, std::size_t found) {
  return wishes.leaves_history_out && found == widths.candidates;
}

namespace {

std::string counted(std::size_t items, const char* what) {
  return items == 0 ? std::string() : ", " + std::to_string(items) + what;
}

std::string choice_among(const list_wishes::named_items& named) {
  return "the models know " + std::to_string(named.known) + " of " + std::to_string(named.all) +
         " named items" + counted(named.withheld, " are withheld") +
         counted(named.filtered, " do not pass the filter") + counted(named.excluded, " are excluded");
}

std::string choice_among_all(const list_wishes& wishes, const user_context& user,
                             std::size_t catalogue_size) {
  std::string text = wishes.allowed ? std::to_string(wishes.allowed->count()) + " of " +
                                          std::to_string(catalogue_size) + " items pass the filter"
                                    : "the catalogue has " + std::to_string(catalogue_size) + " items";
  if (!wishes.allowed && wishes.withheld)
    text += ", " + std::to_string(wishes.withheld->count()) + " are withheld";
  return text + counted(user.excluded.size(), " are in the history") +
         counted(wishes.excluded.size(), " are excluded");
}

} // namespace

std::string shortage_of(const list_wishes& wishes, const user_context& user, std::size_t found,
                        std::size_t catalogue_size, std::optional<std::size_t> looked_at) {
  if (found >= wishes.limit)
    return {};
  std::string text = std::to_string(found) + " of " + std::to_string(wishes.limit) + " items: ";
  text += wishes.named ? choice_among(*wishes.named) : choice_among_all(wishes, user, catalogue_size);
  if (wishes.spread_by != nullptr)
    text += ", at most " + std::to_string(wishes.most_of_one) + " with the same " + wishes.spread_by->name;
  if (wishes.offset > 0)
    text += ", the offset is " + std::to_string(wishes.offset);
  if (looked_at)
    text += ", only the best " + std::to_string(*looked_at) + " candidates were looked at";
  return text;
}

} // namespace winnow
