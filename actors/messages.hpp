#pragma once

#include "actors/actor_status.hpp"
#include "actors/fleet_role.hpp"
#include "actors/tracing/request_trace.hpp"
#include "config/error.hpp"
#include "models/availability/item_state.hpp"
#include "models/ranked_list.hpp"
#include "redis/change_tracker.hpp"
#include "redis/profile_store.hpp"
#include "redis/records/profile.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// The messages between the actors. Data travels as shared pointers to immutable structs: nothing is copied
/// on the way, and no actor can change data that another one still reads.
namespace winnow {

struct item_change;
struct list_query;
struct long_profile;
struct looked_up_profile;
struct model_set;
struct model_trials;
struct shop_rules;
struct told_items;
using model_set_ptr = std::shared_ptr<const model_set>;
using model_trials_ptr = std::shared_ptr<const model_trials>;
using shop_rules_ptr = std::shared_ptr<const shop_rules>;

using steady_clock = std::chrono::steady_clock;

/// Interactive work (a client waits for the response) has priority over background work (a profile changed in
/// the store).
enum class urgency { interactive, background };

// ---- stages: stage_messages.hpp ----

struct stage_task;
struct stage_work;
using stage_task_ptr = std::shared_ptr<const stage_task>;
using stage_batch = std::shared_ptr<const stage_work>;
using stage_reply = std::shared_ptr<const result<ranked_list>>;
using stage_replies = std::shared_ptr<const std::vector<stage_reply>>;

// ---- recommendations ----

/// A profile as it was read from the store.
struct profile_source {
  std::uint64_t digest = 0; ///< `content_digest`.
  profile_fingerprint fingerprint;
};

/// When a profile was read from the store, by another actor than the recommender.
struct profile_reading {
  steady_clock::time_point begin, end;
  std::size_t profiles = 1; ///< Those that were read together.
};

/// A request for a user's list.
struct recommendation_request {
  std::string user_id;
  /// The profile's, in digits as written. Empty: it has none; if it must be read, the user's newest is meant.
  std::string timestamp;
  std::shared_ptr<const profile> known_profile; ///< Null if it must be read from the store.
  steady_clock::time_point deadline;
  urgency priority = urgency::interactive;
  bool explain = false; ///< Whether to add the reason for each item.
  bool newest = true;   ///< False: the user has a newer profile, and only this one's result is stored.
  std::optional<profile_source> source = std::nullopt;   ///< Of `known_profile`, if it was read.
  std::optional<profile_reading> reading = std::nullopt; ///< The same, for the trace.
  std::size_t left_out = 0;                              ///< Items of the profile before `known_profile`'s.
  request_trace_ptr trace = nullptr;                     ///< Null: the request is not traced.
  /// What the client asks of the list; null: nothing. A list that is not the plain one is not stored.
  std::shared_ptr<const list_query> query = nullptr;
  /// How the shop's rules are tried: the list is not stored.
  enum class trial { none, with_rules, without_rules };
  trial tries = trial::none;
};

using recommendation_request_ptr = std::shared_ptr<const recommendation_request>;

/// A long profile, and what was found out about it.
using long_profile_ptr = std::shared_ptr<const long_profile>;
using looked_up_ptr = std::shared_ptr<const result<looked_up_profile>>;

/// Why an item is on a list: the item of the user's history to which DIN's attention gave most weight.
struct item_reason {
  std::string history_item; ///< May be missing from the catalogue.
  float weight = 0;         ///< (0, 1]
};

/// An item that a client named and that no list may have.
struct named_withheld_item {
  std::string item_id;
  withheld_reason why = withheld_reason::hidden;
};

/// A list that was computed, and stored unless stated otherwise, and how it was computed.
struct recommendation {
  model_set_ptr models;                          ///< The item indices below refer to this version.
  std::shared_ptr<const ranked_list> candidates; ///< From LightGCN, best first.
  std::shared_ptr<const ranked_list> din;        ///< Null if the stage did not answer.
  std::shared_ptr<const ranked_list> ranknet;    ///< Null if the stage did not answer.
  std::vector<std::uint32_t> items;              ///< The final list.
  std::string json;                              ///< The list as stored: a JSON array of item ids.
  std::vector<std::string> degraded;             ///< `stage: reason` for each stage that did not answer.
  /// One per item; empty unless requested and the user has a history.
  std::vector<item_reason> because;
  bool stored = true;        ///< False: the profile changed or was removed meanwhile.
  bool to_store = true;      ///< False: the list was for this answer only.
  std::string shortage;      ///< Why there are fewer items than were asked for; empty if there are not.
  std::size_t truncated = 0; ///< The oldest items of the profile, which were left out.
  shop_rules_ptr rules;      ///< Those in force when the request began; null: none.
  std::vector<named_withheld_item> withheld = {}; ///< Of the items that the query named.
};

using recommendation_reply = std::shared_ptr<const result<recommendation>>;

/// A list that was stored on behalf of a request.
struct stored_list {
  std::string user_id;
  /// `profile_digest` of the profile that it was computed from; 0 if the list may not have been stored.
  std::uint64_t digest = 0;
  bool lacks_stage = false;   ///< It was stored, and a ranking stage did not answer.
  std::string timestamp = {}; ///< Of the profile; empty: none.
};

using stored_lists_ptr = std::shared_ptr<const std::vector<stored_list>>;

// ---- store ----

using store_commands = std::shared_ptr<const std::vector<store_command>>;
/// The steps of traces that wait for commands; none of them is of no trace.
using traced_steps = std::shared_ptr<const std::vector<traced_step>>;
using store_replies = std::shared_ptr<const std::vector<store_reply>>;
using scan_reply = std::shared_ptr<const result<scan_page>>;
using count_reply = std::shared_ptr<const result<std::uint64_t>>;
using change_batch_ptr = std::shared_ptr<const change_batch>;

/// A user's profile as it is now.
struct changed_profile {
  std::string user_id;
  std::shared_ptr<const profile> items;
};

using changed_profiles = std::vector<changed_profile>;
using changed_profiles_ptr = std::shared_ptr<const changed_profiles>;

// ---- fleet: fleet_messages.hpp ----

struct finished_entries;
struct fleet_entry;
using fleet_entries_ptr = std::shared_ptr<const std::vector<fleet_entry>>;
using profile_keys_ptr = std::shared_ptr<const std::vector<profile_key>>;
using finished_entries_ptr = std::shared_ptr<const finished_entries>;
using user_ids_ptr = std::shared_ptr<const std::vector<std::string>>;

// ---- HTTP: http_messages.hpp ----

struct admin_call;
struct http_call;
using http_call_ptr = std::shared_ptr<const http_call>;
using admin_call_ptr = std::shared_ptr<const admin_call>;
using listen_reply = std::shared_ptr<const result<std::uint16_t>>; ///< The port.

// ---- items: what they point to is in items/ and models/availability/ ----

using item_change_ptr = std::shared_ptr<const item_change>;
using item_reply = std::shared_ptr<const result<item_state>>;
/// What the replicas of a fleet were told about items.
using told_items_ptr = std::shared_ptr<const told_items>;

/// In which form metrics are rendered.
enum class metrics_form { json, prometheus_text, open_metrics };

// ---- introspection ----

/// The status of every actor, in tree order.
struct status_report;
using status_report_ptr = std::shared_ptr<const status_report>;

struct neighbours;
using neighbours_ptr = std::shared_ptr<const neighbours>;

} // namespace winnow

#define WINNOW_MESSAGE(type)                                                                                 \
  CAF_ADD_TYPE_ID(winnow, (type))                                                                            \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)

CAF_BEGIN_TYPE_ID_BLOCK(winnow, caf::first_custom_type_id)

// This CAF version limits atoms to 10 characters of [a-zA-Z0-9_].
CAF_ADD_ATOM(winnow, winnow, rank_atom, "rank")
CAF_ADD_ATOM(winnow, winnow, recommend_atom, "recommend")
CAF_ADD_ATOM(winnow, winnow, resolve_atom, "resolve")
CAF_ADD_ATOM(winnow, winnow, execute_atom, "execute")
CAF_ADD_ATOM(winnow, winnow, scan_atom, "scan")
CAF_ADD_ATOM(winnow, winnow, count_atom, "count")
CAF_ADD_ATOM(winnow, winnow, flush_atom, "flush")
CAF_ADD_ATOM(winnow, winnow, probe_atom, "probe")
CAF_ADD_ATOM(winnow, winnow, arrived_atom, "arrived")
CAF_ADD_ATOM(winnow, winnow, changed_atom, "changed")
CAF_ADD_ATOM(winnow, winnow, learned_atom, "learned")
CAF_ADD_ATOM(winnow, winnow, relearn_atom, "relearn")
CAF_ADD_ATOM(winnow, winnow, stored_atom, "stored")
CAF_ADD_ATOM(winnow, winnow, untracked_atom, "untracked")
CAF_ADD_ATOM(winnow, winnow, role_atom, "role")
CAF_ADD_ATOM(winnow, winnow, enqueue_atom, "enqueue")
CAF_ADD_ATOM(winnow, winnow, taken_atom, "taken")
CAF_ADD_ATOM(winnow, winnow, seen_atom, "seen")
CAF_ADD_ATOM(winnow, winnow, done_atom, "done")
CAF_ADD_ATOM(winnow, winnow, listen_atom, "listen")
CAF_ADD_ATOM(winnow, winnow, sweep_atom, "sweep")
CAF_ADD_ATOM(winnow, winnow, pump_atom, "pump")
CAF_ADD_ATOM(winnow, winnow, wire_atom, "wire")
CAF_ADD_ATOM(winnow, winnow, tick_atom, "tick")
CAF_ADD_ATOM(winnow, winnow, render_atom, "render")
CAF_ADD_ATOM(winnow, winnow, revive_atom, "revive")
CAF_ADD_ATOM(winnow, winnow, serve_atom, "serve")
CAF_ADD_ATOM(winnow, winnow, drain_atom, "drain")
CAF_ADD_ATOM(winnow, winnow, reload_atom, "reload")
CAF_ADD_ATOM(winnow, winnow, status_atom, "status")
CAF_ADD_ATOM(winnow, winnow, report_atom, "report")
CAF_ADD_ATOM(winnow, winnow, patience_atom, "patience")
CAF_ADD_ATOM(winnow, winnow, scale_atom, "scale")
CAF_ADD_ATOM(winnow, winnow, admin_atom, "admin")
CAF_ADD_ATOM(winnow, winnow, update_atom, "update")
CAF_ADD_ATOM(winnow, winnow, dress_atom, "dress")
CAF_ADD_ATOM(winnow, winnow, forget_atom, "forget")

WINNOW_MESSAGE(winnow::stage_task_ptr)
WINNOW_MESSAGE(winnow::stage_batch)
WINNOW_MESSAGE(winnow::stage_reply)
WINNOW_MESSAGE(winnow::stage_replies)
WINNOW_MESSAGE(winnow::recommendation_request_ptr)
WINNOW_MESSAGE(winnow::recommendation_reply)
WINNOW_MESSAGE(winnow::long_profile_ptr)
WINNOW_MESSAGE(winnow::looked_up_ptr)
WINNOW_MESSAGE(winnow::stored_lists_ptr)
WINNOW_MESSAGE(winnow::store_commands)
WINNOW_MESSAGE(winnow::traced_steps)
WINNOW_MESSAGE(winnow::store_replies)
WINNOW_MESSAGE(winnow::scan_reply)
WINNOW_MESSAGE(winnow::count_reply)
WINNOW_MESSAGE(winnow::change_batch_ptr)
WINNOW_MESSAGE(winnow::changed_profiles_ptr)
WINNOW_MESSAGE(winnow::fleet_role)
WINNOW_MESSAGE(winnow::fleet_entries_ptr)
WINNOW_MESSAGE(winnow::profile_keys_ptr)
WINNOW_MESSAGE(winnow::finished_entries_ptr)
WINNOW_MESSAGE(winnow::user_ids_ptr)
WINNOW_MESSAGE(winnow::http_call_ptr)
WINNOW_MESSAGE(winnow::listen_reply)
WINNOW_MESSAGE(winnow::admin_call_ptr)
WINNOW_MESSAGE(winnow::actor_status_ptr)
WINNOW_MESSAGE(winnow::status_report_ptr)
WINNOW_MESSAGE(winnow::neighbours_ptr)
WINNOW_MESSAGE(winnow::model_set_ptr)
WINNOW_MESSAGE(winnow::model_trials_ptr)
WINNOW_MESSAGE(winnow::shop_rules_ptr)
WINNOW_MESSAGE(winnow::item_change_ptr)
WINNOW_MESSAGE(winnow::item_reply)
WINNOW_MESSAGE(winnow::told_items_ptr)
WINNOW_MESSAGE(winnow::key_family)
WINNOW_MESSAGE(winnow::metrics_form)

CAF_END_TYPE_ID_BLOCK(winnow)

#undef WINNOW_MESSAGE
