#include "actors/rest/http_server.hpp"
#include "actors/rest/rest_answers.hpp"
#include "actors/rest/user_erasure.hpp"
#include "actors/runtime/request_failure.hpp"
#include "actors/stage_messages.hpp"
#include "config/text/json_text.hpp"
#include "http/access/access_policy.hpp"
#include "http/negotiation.hpp"
#include "models/attributes/json_member.hpp"
#include "models/item_description.hpp"
#include "models/model_set.hpp"

#include <nlohmann/json.hpp>

// What clients ask about items.

namespace winnow {

namespace {

// How many similar items a request gets: if it does not say, and at most.
constexpr std::size_t default_similar = 10, most_similar = 100;

// The same for popular items.
constexpr std::size_t default_popular = 20, most_popular = 1000;

// Reading an items file of a million rows may come first.
constexpr std::chrono::seconds change_patience{30};

bool changes_data(http_call::kind what) {
  switch (what) {
  case http_call::kind::write_profile:
  case http_call::kind::erase_profile:
  case http_call::kind::write_item:
  case http_call::kind::reset_item:
  case http_call::kind::erase_user:
    return true;
  default:
    return false;
  }
}

bool may_change(change_rights rights, const http::request& asked) {
  const bool is_named = asked.host.empty() || http::names_this_machine(asked);
  switch (rights) {
  case change_rights::of_all:
    return true;
  case change_rights::of_named:
    return is_named || asked.by_proxy;
  case change_rights::of_local:
    return is_named && asked.from_here;
  case change_rights::of_none:
    break;
  }
  return false;
}

const char* need_of(change_rights rights) {
  switch (rights) {
  case change_rights::of_all:
    break;
  case change_rights::of_named:
    return "without --token-file, a daemon on a loopback address lets clients write by a loopback Host "
           "only, or through a proxy of --trusted-proxies";
  case change_rights::of_local:
    return "without --token-file, only clients on this machine, which ask for themselves and by a loopback "
           "Host, may change items and erase users";
  case change_rights::of_none:
    return "without --token-file, only a daemon on a loopback address lets its clients change items and "
           "erase users";
  }
  return "";
}

/// Why a profile of some time cannot be erased as a user: erasing the other user would be too much.
error no_user(const profile_key& named) {
  const auto id = named.user_id + ":" + named.timestamp;
  return {fault::malformed, "user_id: " + id + " is a profile of user " + named.user_id + "; DELETE /users/" +
                                named.user_id +
                                " erases that user, and to remove the profile alone, remove the key " +
                                to_redis_key(named) + " or, of an embedded store, DELETE /profiles/" + id};
}

/// The failure of a stage as clients see it: a stage with a defect is unavailable.
error without_defect(const error& failure) {
  return {failure.cause == fault::timeout ? fault::timeout : fault::unavailable, failure.message,
          failure.public_message};
}

/// What a request's query asks of items: a filter, or nothing.
result<list_query> query_of(const http::request& asked) {
  list_query query;
  const auto text = asked.query_parameter("filter");
  if (!text)
    return query;
  const auto json = parse_json(*text);
  if (json.is_discarded())
    return fail(fault::malformed, "filter: expected a JSON object, got " + json_defect(*text));
  if (auto each = expect_each_member_once(*text, json); !each)
    return fail("filter", each.error());
  auto filter = parse_named_filter(json);
  if (!filter)
    return tl::unexpected(filter.error());
  query.filter = std::move(*filter);
  return query;
}

/// The items that both the shop's rules for all lists and the query allow, apart from withheld ones; null:
/// all.
result<std::shared_ptr<const item_choice>> allowed_by(ruled_lists& asked, const shop_rules_ptr& rules,
                                                      const list_query& query, const model_set& models) {
  const auto wishes = asked.resolve(rules, &query, models, 1);
  if (!wishes)
    return tl::unexpected(wishes.error());
  return *wishes ? (*wishes)->all_allowed(models) : nullptr;
}

} // namespace

change_rights rights_to_change(const http_settings& http, bool embedded_store) {
  if (!http.token_file.empty() || !http.tls_client_ca.empty() || !http.unix_socket.empty())
    return change_rights::of_all;
  if (!is_loopback(http.host))
    return embedded_store ? change_rights::of_all : change_rights::of_none;
  if (!embedded_store)
    return change_rights::of_local;
  // A page has no certificate for its name that this machine could show.
  return http.tls_certificate.empty() ? change_rights::of_named : change_rights::of_all;
}

std::optional<http::response> refuse_change(change_rights rights, const http_call& call) {
  if (!changes_data(call.what) || may_change(rights, call.asked))
    return std::nullopt;
  return http::json_error(403, need_of(rights));
}

void http_server_state::describe_item(const http_call_ptr& call) {
  const auto item_id = call->asked.path_parameter("item_id");
  const auto& models = *neighbours_->models;
  const auto item = models.items.find(item_id);
  call->answer(item ? item_answer(item_id, models, *item)
                    : http::json_error(404, "no item " + std::string(item_id)));
}

void http_server_state::popular_items(const http_call_ptr& call) {
  const auto limit = http::number_parameter(call->asked, "limit", default_popular, 1, most_popular);
  if (!limit)
    return call->answer(http::error_response(limit.error()));
  const auto window = call->asked.query_parameter("window").value_or("all");
  if (window != "all" && window != "recent")
    return call->answer(http::error_response(
        {fault::invalid_argument, "window: expected all or recent, got " + std::string(window)}));
  const auto& models = neighbours_->models;
  auto& known = window == "all" ? popular_ : popular_recently_;
  if (const auto& rules = neighbours_->rules; known.models != models || known.rules != rules) {
    const auto allowed = allowed_by(asked_, rules, {}, *models);
    if (!allowed)
      return call->answer(http::error_response(allowed.error()));
    known = {models, rules,
             most_taken(*models, window == "all" ? popularity_window::all : popularity_window::recent,
                        most_popular, allowed->get())};
  }
  const auto count = std::min(*limit, known.items.size());
  call->answer(popular_answer(
      *models, {known.items.begin(), known.items.begin() + static_cast<std::ptrdiff_t>(count)}));
}

void http_server_state::similar_items(const http_call_ptr& call) {
  const auto limit = http::number_parameter(call->asked, "limit", default_similar, 1, most_similar);
  if (!limit)
    return call->answer(http::error_response(limit.error()));
  const std::string item_id(call->asked.path_parameter("item_id"));
  auto task = std::make_shared<stage_task>();
  task->models = neighbours_->models;
  task->similar_to = task->models->items.find(item_id);
  if (!task->similar_to)
    return call->answer(http::json_error(404, "no item " + item_id));
  auto query = query_of(call->asked);
  if (!query)
    return call->answer(http::error_response(query.error()));
  task->keep = most_similar; // whatever the limit: the order depends on how long the sources' lists are
  task->deadline = call->asked.received + parts_.deadline;
  const auto comparisons = asked_.comparisons(neighbours_->rules, *query, *task->models);
  if (comparisons >= cost_turns::costly_comparisons)
    filter_in_turn(call, std::move(task), *limit, std::move(*query), cost_turns::cost_of_filter(comparisons));
  else
    find_similar(call, task, *limit, *query);
}

/// A filter that nobody has asked lately takes long if there are many items.
void http_server_state::filter_in_turn(const http_call_ptr& call, std::shared_ptr<stage_task> task,
                                       std::size_t limit, list_query query, cost_turns::cost cost) {
  const auto now = steady_clock::now();
  if (now + costly_->expected_wait(cost, now) > task->deadline)
    return call->answer(
        http::error_response({fault::overloaded, "too many requests with costly filters are waiting"}));
  const traced_step turn(call->trace, "wait with costly filter", trace_step::kind::work);
  costly_->add(
      {cost, [] { return true; },
       [this, call, task = std::move(task), limit, query = std::move(query), turn](const cost_turns::turn&) {
         turn.end();
         if (steady_clock::now() < task->deadline)
           find_similar(call, task, limit, query);
         else
           call->answer(
               http::error_response({fault::timeout, "the deadline passed before the filter was applied"}));
       }},
      now);
}

void http_server_state::rested() {
  const activity working(*parts_.record, "handling a costly request");
  std::exchange(rested_, nullptr)();
}

void http_server_state::find_similar(const http_call_ptr& call, const std::shared_ptr<stage_task>& task,
                                     std::size_t limit, const list_query& query) {
  auto allowed = allowed_by(asked_, neighbours_->rules, query, *task->models);
  if (!allowed)
    return call->answer(http::error_response(allowed.error()));
  task->allowed = std::move(*allowed);
  const traced_step step(call->trace, "candidate_generator", trace_step::kind::stage);
  task->step = step;
  watch_->ask<stage_reply>(
      neighbours_->candidate_generator, parts_.deadline + answer_grace,
      [call, models = task->models, limit, step](const stage_reply& outcome) {
        step.end(failure_of(*outcome));
        call->answer(
            *outcome ? similar_items_answer(call->asked.path_parameter("item_id"), *models, **outcome, limit)
                     : http::error_response(without_defect(outcome->error())));
      },
      [call, step](const caf::error& reason) {
        const auto why =
            request_failure(reason, "the deadline passed", "candidate generation is being restarted");
        step.end(why.cause);
        call->answer(http::error_response(why));
      },
      rank_atom_v, stage_task_ptr(task));
}

void http_server_state::write_item(const http_call_ptr& call) {
  auto attributes = parse_body(call->asked.body);
  if (!attributes)
    return call->answer(http::error_response(attributes.error()));
  change_item(call, {std::string(call->asked.path_parameter("item_id")), std::move(*attributes)});
}

void http_server_state::change_item(const http_call_ptr& call, item_change change) {
  const traced_step step(call->trace, "change item", trace_step::kind::work);
  watch_->ask<item_reply>(
      neighbours_->items, change_patience,
      [call, step](const item_reply& state) {
        step.end(failure_of(*state));
        call->answer(*state ? item_state_answer(**state) : http::error_response(state->error()));
      },
      [call, step](const caf::error& reason) {
        const auto why = request_failure(reason, "the change was not applied in time",
                                         "the item keeper is being restarted");
        step.end(why.cause);
        call->answer(http::error_response(why));
      },
      update_atom_v, item_change_ptr(std::make_shared<const item_change>(std::move(change))));
}

void http_server_state::erase_user(const http_call_ptr& call) {
  const auto named = named_profile(call->asked.path_parameter("user_id"));
  if (!named.timestamp.empty())
    return call->answer(http::error_response(no_user(named)));
  auto newest = parts_.directory->newest(named.user_id).timestamp;
  std::make_shared<user_erasure>(watch_, neighbours_, call, std::move(newest), parts_.forget)->run();
}

} // namespace winnow
