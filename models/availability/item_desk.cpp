#include "models/availability/item_desk.hpp"

#include "config/log/log.hpp"
#include "config/settings/suggestion.hpp"
#include "models/attributes/json_member.hpp"
#include "models/availability/deny_list.hpp"
#include "models/item_description.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace winnow {

namespace {

constexpr const char* component = "items";
constexpr std::size_t most_attributes = 200; ///< Of all items.
constexpr std::size_t longest_name = 100;

/// @param columns How many attributes the items have.
result<void> check_name(const std::string& name, bool is_new, std::size_t columns,
                        const item_attributes& known) {
  if (name.empty() || name.size() > longest_name)
    return fail(fault::malformed, "attributes: expected names of 1 to " + std::to_string(longest_name) +
                                      " bytes, got " + std::to_string(name.size()));
  if (name == "item_id")
    return fail(fault::malformed, "item_id: expected in the path only, got it as an attribute");
  if (is_new && columns >= most_attributes)
    return fail(fault::malformed, "\"" + name + "\": expected an attribute that items have, as they have " +
                                      std::to_string(columns) + " already" + suggestion(name, known.names()));
  return {};
}

bool is_utf8(const std::string& text) {
  try {
    static_cast<void>(nlohmann::json(text).dump());
    return true;
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

} // namespace

item_desk::clock item_desk::system_clock() {
  return [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::int64_t{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
  };
}

result<std::shared_ptr<item_desk>> item_desk::open(const model_settings& settings, clock now) {
  std::shared_ptr<item_desk> desk(new item_desk(settings, std::move(now)));
  if (settings.deny_items.empty())
    return desk;
  desk->deny_state_.read = stamp_of(settings.deny_items);
  auto denied = winnow::read_deny_list(settings.deny_items);
  if (!denied)
    return fail("--deny-items", denied.error());
  log_event(log_level::info, component, "deny list read",
            {{"file", settings.deny_items}, {"items", (*denied)->size()}});
  desk->denied_ = std::move(*denied);
  return desk;
}

// ---- changes ----

/// Changes that are put into the attributes together.
struct item_desk::change_batch {
  std::vector<item_values> values;
  std::map<std::string, attribute_type> added; ///< Attributes that no item had.
};

std::vector<result<item_state>>
item_desk::apply(gsl::span<const std::shared_ptr<const item_change>> changes) {
  const std::lock_guard lock(mutex_);
  std::vector<result<item_state>> states;
  change_batch batch;
  for (const auto& change : changes) {
    states.push_back(item_state{change->item_id, {}, {}, false, true});
    const auto time = time_for(change->item_id);
    if (!change->attributes) {
      updates_->reset(change->item_id, time);
      note_said(*change, time);
      merge(); // of all updates, those of the batch so far among them
      batch = {};
    } else if (auto values = parse(*change, batch)) {
      updates_->set(change->item_id, *change->attributes, time, base_of(*change));
      note_said(*change, time);
      batch.values.push_back(std::move(*values));
    } else {
      states.back() = tl::unexpected(values.error());
    }
  }
  if (!batch.values.empty()) {
    const auto before = merged_ ? *merged_ : catalogue_attributes({}, items_.trained());
    merged_ = std::make_shared<const catalogue_attributes>(before.with(batch.values, items_.trained()));
  }
  withhold();
  keep(states);
  return states;
}

result<item_values> item_desk::parse(const item_change& change, change_batch& batch) const {
  if (!is_utf8(change.item_id))
    return fail(fault::malformed, "item_id: expected UTF-8, got other bytes");
  if (!change.attributes->is_object())
    return expected_member("body", "an object of attributes", *change.attributes);
  if (!updates_->has_room_for(change.item_id))
    return fail(fault::out_of_space, std::to_string(item_updates::most_items) +
                                         " items have updates already; put more into the items file");
  const item_attributes none;
  const auto& known = merged_ ? merged_->table() : none;
  item_values values{change.item_id, {}};
  auto added = batch.added;
  for (const auto& [name, value] : change.attributes->items()) {
    const auto* const column = known.find(name);
    const auto seen = added.find(name);
    const bool is_new = column == nullptr && seen == added.end();
    if (auto fits = check_name(name, is_new, known.columns().size() + added.size(), known); !fits)
      return tl::unexpected(fits.error());
    const auto type = column != nullptr ? std::optional(column->type)
                      : is_new          ? std::nullopt
                                        : std::optional(seen->second);
    auto parsed = parse_attribute(name, value, type);
    if (!parsed)
      return tl::unexpected(parsed.error());
    if (is_new && !parsed->is_missing())
      added.emplace(name, parsed->type);
    values.values.emplace_back(name, std::move(*parsed));
  }
  batch.added = std::move(added);
  return values;
}

/// Writes the changes to their file, and completes the answers.
void item_desk::keep(std::vector<result<item_state>>& states) {
  const bool kept = write_updates();
  for (auto& state : states)
    if (state) {
      *state = state_of(state->item_id);
      state->kept = kept;
    }
}

item_state item_desk::state_of(const std::string& item_id) const {
  item_state state;
  state.item_id = item_id;
  state.known = items_.find(item_id).has_value();
  state.withheld = withheld_->find(item_id);
  state.attributes = "{}";
  if (merged_)
    state.attributes = attributes_json(merged_->table(), merged_->table().row_of(item_id), {})
                           .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return state;
}

std::optional<std::int64_t> item_desk::next_expiry() const {
  const std::lock_guard lock(mutex_);
  const auto next = withheld_ ? withheld_->next_expiry() : std::nullopt;
  return next ? std::optional(static_cast<std::int64_t>(*next * 1000)) : std::nullopt;
}

desk_counts item_desk::counts() const {
  const std::lock_guard lock(mutex_);
  auto counts = counts_;
  counts.updated = updates_ ? updates_->items() : 0;
  return counts;
}

} // namespace winnow
