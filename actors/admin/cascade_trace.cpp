#include "actors/admin/cascade_trace.hpp"

#include "actors/pipeline/request_for.hpp"
#include "actors/runtime/request_failure.hpp"
#include "actors/stage_messages.hpp"
#include "models/explanation.hpp"
#include "models/ruled_lists.hpp"
#include "models/trials/model_trials.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

using nlohmann::ordered_json;

std::int64_t microseconds_since(steady_clock::time_point then) {
  return std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - then).count();
}

error failure_of(const caf::error& reason) {
  return request_failure(reason, "no answer in time", "down: " + to_string(reason));
}

} // namespace

cascade_trace::cascade_trace(admin_server_self::pointer self, trace_parts parts, neighbours_ptr neighbours,
                             admin_call_ptr call)
    : self_(self), parts_(std::move(parts)), neighbours_(std::move(neighbours)), call_(std::move(call)),
      named_(named_profile(call_->asked.path_parameter("user"))),
      models_(models_of_user(neighbours_->models, neighbours_->trials, named_.user_id)),
      widths_(widths_for(parts_.cascade, models_->widths)) {}

void cascade_trace::refuse(const error& reason) {
  call_->answer(http::error_response(reason));
}

void cascade_trace::run() {
  const auto& user_id = named_.user_id;
  const auto key = named_.timestamp.empty() ? parts_.directory->newest(user_id) : named_;
  report_ = {{"user_id", user_id}, {"model_version", models_->version}, {"profile_key", to_redis_key(key)}};
  auto commands = std::make_shared<std::vector<store_command>>();
  commands->emplace_back(read_profile{key, false});
  auto trace = shared_from_this();
  self_->request(neighbours_->gateway, parts_.limit, execute_atom_v, store_commands(std::move(commands)))
      .then(
          [trace, user_id](const store_replies& replies) {
            const auto& reply = replies->front();
            if (!reply)
              return trace->refuse(reply.error());
            if (!reply->value)
              return trace->refuse({fault::not_found, "no profile of user " + user_id});
            const auto items = parse_stored_profile(*reply->value);
            if (!items)
              return trace->refuse(items.error());
            if (items->left_out > 0)
              trace->report_["truncated"] = items->left_out;
            trace->resolve(items->items);
          },
          [trace](const caf::error& reason) {
            trace->refuse({fault::unavailable, "the profile store: " + failure_of(reason).message});
          });
}

void cascade_trace::resolve(const profile& items) {
  report_["profile_us"] = microseconds_since(begin_);
  history_ = items;
  auto user = resolve_user(*models_, named_.user_id, items);
  if (const auto added = add_wishes(user); !added)
    return refuse(added.error());
  user_ = std::make_shared<const user_context>(std::move(user));
  report_["known_user"] = user_->user.has_value();
  auto& history = report_["history"] = ordered_json::array();
  for (std::size_t i = 0; i < items.size(); ++i)
    history.push_back({{"item", items[i]}, {"known", user_->history[i] != unknown_item}});
  report_["stages"] = ordered_json::array();
  generate();
}

/// What the shop's rules want of the list, as when it is served.
result<void> cascade_trace::add_wishes(user_context& user) {
  auto wishes = ruled_lists().resolve(neighbours_->rules, nullptr, *models_, widths_.ranknet_keep);
  if (!wishes)
    return tl::unexpected(wishes.error());
  user.wishes = without_taken_pins(std::move(*wishes), user.excluded);
  if (!user.wishes)
    return {};
  widths_ = widths_for(*user.wishes, widths_);
  report_["rules"] = neighbours_->rules->digest;
  return {};
}

void cascade_trace::ask(const stage_actor& stage, step how, list_ptr candidates,
                        void (cascade_trace::*next)()) {
  stage_task task;
  task.models = models_;
  task.user = user_;
  // A ranker returns all candidates, because the report includes those that are dropped.
  task.keep = candidates ? candidates->items.size() : how.keep;
  task.candidates = std::move(candidates);
  task.deadline = steady_clock::now() + parts_.limit;
  auto trace = shared_from_this();
  const auto sent = steady_clock::now();
  const auto go_on = [trace, how, sent, next](const result<list_ptr>& order) {
    trace->add_stage(how, sent, order);
    if (order)
      trace->kept_ = first_of(*order, how.keep);
    else if (trace->kept_)
      trace->kept_ = first_of(trace->kept_, how.keep);
    (trace.get()->*next)();
  };
  self_->request(stage, parts_.limit, rank_atom_v, std::make_shared<const stage_task>(std::move(task)))
      .then(
          [go_on](const stage_reply& reply) {
            if (*reply)
              go_on(list_ptr(reply, &**reply));
            else
              go_on(tl::unexpected<error>(reply->error()));
          },
          [go_on](const caf::error& reason) { go_on(tl::unexpected<error>(failure_of(reason))); });
}

void cascade_trace::add_stage(const step& how, steady_clock::time_point sent, const result<list_ptr>& order) {
  ordered_json stage{{"stage", how.stage}, {"us", microseconds_since(sent)}, {"keep", how.keep}};
  if (!order) {
    stage["error"] = order.error().message;
    report_["stages"].push_back(std::move(stage));
    return;
  }
  const bool is_first = kept_ == nullptr;
  const auto source = (*order)->source;
  if (is_first)
    stage["source"] = to_string(source);
  auto& items = stage["items"] = ordered_json::array();
  for (std::size_t i = 0; i < (*order)->items.size(); ++i) {
    const auto& entry = (*order)->items[i];
    ordered_json item{{"item", name_of(entry.item)}};
    if (!is_first || source != list_source::popular) // popular items have no scores
      item["score"] = entry.score;
    if (how.stage == std::string_view("din_ranker"))
      item["probability"] = 1.0 / (1.0 + std::exp(-static_cast<double>(din_logit_at(**order, i))));
    if (models_->items.is_adopted(entry.item))
      item["adopted"] = true;
    if (is_first && !(*order)->evidence.empty())
      item["sources"] = sources_of((*order)->evidence[i]);
    item["kept"] = i < how.keep;
    items.push_back(std::move(item));
  }
  report_["stages"].push_back(std::move(stage));
}

void cascade_trace::generate() {
  ask(neighbours_->candidate_generator, {"candidate_generator", widths_.candidates}, nullptr,
      &cascade_trace::rank_by_din);
}

void cascade_trace::rank_by_din() {
  if (!kept_)
    return refuse({fault::unavailable, "candidate generation: " + report_["stages"].back().value(
                                                                      "error", std::string("no answer"))});
  ask(neighbours_->din_ranker, {"din_ranker", widths_.din_keep}, kept_, &cascade_trace::rank_by_ranknet);
}

void cascade_trace::rank_by_ranknet() {
  ask(neighbours_->ranknet_ranker, {"ranknet_ranker", widths_.ranknet_keep}, kept_, &cascade_trace::end_list);
}

/// What the last stage keeps is the list, unless the shop's rules arrange it.
void cascade_trace::end_list() {
  for (const auto& entry : kept_->items)
    list_.push_back(entry.item);
  if (user_->wishes)
    ask_for_list();
  else
    finish();
}

/// The recommender makes the list as it would serve it, and does not store it. Without its answer, the items
/// of the last stage stay.
void cascade_trace::ask_for_list() {
  auto request = request_for(named_);
  request->deadline = steady_clock::now() + parts_.limit;
  request->tries = recommendation_request::trial::with_rules;
  auto trace = shared_from_this();
  const auto go_on_without = [trace](const std::string& reason) {
    trace->report_["rules_left_out"] = reason;
    trace->finish();
  };
  self_
      ->request(neighbours_->recommender, parts_.limit * 2, recommend_atom_v,
                recommendation_request_ptr(std::move(request)))
      .then(
          [trace, go_on_without](const recommendation_reply& list) {
            if (!*list)
              return go_on_without(list->error().message);
            trace->take_list(**list);
            trace->finish();
          },
          [go_on_without](const caf::error& reason) { go_on_without(failure_of(reason).message); });
}

/// @param list May be of models that have learned more meanwhile.
void cascade_trace::take_list(const recommendation& list) {
  list_.clear();
  for (const auto item : list.items)
    if (const auto known = models_->items.find(list.models->items[item]))
      list_.push_back(*known);
}

/// DIN's attention weight for each history item that it uses, averaged over the list.
ordered_json cascade_trace::attention() const {
  auto weights_json = ordered_json::array();
  const auto& items = list_;
  gsl::span<const std::uint32_t> history(user_->history);
  history = history.last(std::min(history.size(), din_model::history_limit));
  if (items.empty() || history.empty())
    return weights_json;
  std::vector<float> weights(items.size() * history.size());
  din_model::scratch work;
  models_->din->attend(models_->din_rows(), items, history, work, weights);
  const auto first = history_.size() - history.size();
  for (std::size_t at = 0; at < history.size(); ++at) {
    double sum = 0;
    for (std::size_t i = 0; i < items.size(); ++i)
      sum += static_cast<double>(weights[i * history.size() + at]);
    weights_json.push_back(
        {{"item", history_[first + at]}, {"weight", sum / static_cast<double>(items.size())}});
  }
  return weights_json;
}

ordered_json cascade_trace::reasons() const {
  auto reasons_json = ordered_json::array();
  din_model::scratch work;
  const auto peaks = explain(*models_, *user_, list_, work);
  for (std::size_t i = 0; i < list_.size(); ++i) {
    ordered_json reason{{"item", name_of(list_[i])}};
    if (i < peaks.size()) {
      reason["history_item"] = history_[peaks[i].position];
      reason["weight"] = peaks[i].weight;
    }
    reasons_json.push_back(std::move(reason));
  }
  return reasons_json;
}

void cascade_trace::finish() {
  report_["recommendations"] = ordered_json::array();
  for (const auto item : list_)
    report_["recommendations"].push_back(name_of(item));
  const auto begin = steady_clock::now();
  report_["attention"] = attention();
  report_["because"] = reasons();
  report_["attention_us"] = microseconds_since(begin);
  report_["total_us"] = microseconds_since(begin_);
  http::response answer;
  answer.body = report_.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  call_->answer(std::move(answer));
}

} // namespace winnow
