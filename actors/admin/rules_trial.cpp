#include "actors/admin/rules_trial.hpp"

#include "actors/admin/rules_json.hpp"
#include "actors/pipeline/request_for.hpp"
#include "actors/runtime/request_failure.hpp"
#include "models/asking/list_query.hpp"
#include "models/model_set.hpp"
#include "models/rule_effects.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;
using ids = std::vector<std::string>;

ids ids_of(const recommendation& list) {
  ids all;
  for (const auto item : list.items)
    all.emplace_back(list.models->items[item]);
  return all;
}

/// Counted from 1.
std::optional<std::size_t> place_in(const ids& list, const std::string& item) {
  const auto found = std::find(list.begin(), list.end(), item);
  if (found == list.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - list.begin()) + 1;
}

/// The items that are not where they were, or about which a rule says something.
ordered_json moves_between(const ids& without, const ids& with, const rule_effects& effects) {
  auto items = with;
  for (const auto& item : without)
    if (!place_in(with, item))
      items.push_back(item);
  auto moves = ordered_json::array();
  for (const auto& item : items) {
    const auto before = place_in(without, item), after = place_in(with, item);
    const auto rules = effects.on(item, after, before);
    if (before == after && rules.empty())
      continue;
    ordered_json move{{"item_id", item}};
    if (before)
      move["without"] = *before;
    if (after)
      move["with"] = *after;
    move["rules"] = rules;
    moves.push_back(std::move(move));
  }
  return moves;
}

} // namespace

void rules_trial::run() {
  placement_ = std::string(call_->asked.query_parameter("placement").value_or(""));
  ask(trial::with_rules, &rules_trial::take_with);
}

void rules_trial::ask(trial how, void (rules_trial::*next)(const recommendation_reply&)) {
  auto query = std::make_shared<list_query>();
  query->placement = placement_;
  auto request = request_for(named_profile(call_->asked.path_parameter("user")));
  request->deadline = steady_clock::now() + limit_;
  request->query = std::move(query);
  request->tries = how;
  auto self = shared_from_this();
  self_
      ->request(neighbours_->recommender, limit_ * 2, recommend_atom_v,
                recommendation_request_ptr(std::move(request)))
      .then(
          [self, next](const recommendation_reply& list) {
            if (!*list)
              return self->call_->answer(http::error_response(list->error()));
            (self.get()->*next)(list);
          },
          [self](const caf::error& reason) {
            self->call_->answer(http::error_response(
                request_failure(reason, "the list was not computed in time", "the recommender is down")));
          });
}

void rules_trial::take_with(const recommendation_reply& list) {
  with_ = list;
  ask(trial::without_rules, &rules_trial::take_without);
}

void rules_trial::take_without(const recommendation_reply& list) {
  const auto& with = **with_;
  if (!with.rules)
    return call_->answer(http::json_error(409, "there are no rules: start winnowd with --rules FILE"));
  const auto before = ids_of(**list), after = ids_of(with);
  ordered_json body{{"user_id", std::string(call_->asked.path_parameter("user"))}};
  if (!placement_.empty())
    body["placement"] = placement_;
  body["digest"] = with.rules->digest;
  body["model_version"] = with.models->version;
  body["without"] = before;
  body["with"] = after;
  if (!with.shortage.empty())
    body["shortage"] = with.shortage;
  body["moves"] = moves_between(before, after, rule_effects(*with.rules, placement_, *with.models));
  auto rules = rules_array(*with.rules, "");
  if (!placement_.empty())
    for (auto& rule : rules_array(*with.rules, placement_))
      rules.push_back(std::move(rule));
  body["rules"] = std::move(rules);
  http::response answer;
  answer.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  call_->answer(std::move(answer));
}

} // namespace winnow
