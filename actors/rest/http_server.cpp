#include "actors/rest/http_server.hpp"

#include "actors/pipeline/request_for.hpp"
#include "actors/rest/call_answers.hpp"
#include "actors/rest/rest_answers.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "actors/runtime/request_failure.hpp"
#include "http/answer_burst.hpp"
#include "http/negotiation.hpp"
#include "models/item_description.hpp"
#include "models/model_set.hpp"

#include <utility>

namespace winnow {

namespace {

// Factor for the deadline of requests whose client does not wait for the list.
constexpr int unawaited_factor = 20;

// Bodies from this size on are read in turns. One of this size takes about half a millisecond.
constexpr std::size_t long_body = 32u << 10;

bool asks_for_lists(http_call::kind what) {
  return what == http_call::kind::recommend || what == http_call::kind::rank ||
         what == http_call::kind::recommend_many;
}

/// The refusal of a call whose body has no turn before the deadline. One for lists counts like others.
http::response refuse_body(const http_front& front, const http_call& call, const char* why) {
  error reason{fault::overloaded, why};
  return http::error_response(asks_for_lists(call.what) ? front.refused(std::move(reason)) : reason);
}

metrics_form metrics_form_for(const http::request& asked) {
  switch (http::wanted_metrics(asked.accept)) {
  case http::metrics_type::prometheus_text:
    return metrics_form::prometheus_text;
  case http::metrics_type::open_metrics:
    return metrics_form::open_metrics;
  case http::metrics_type::json:
    break;
  }
  return metrics_form::json;
}

const char* content_type_of(metrics_form form) {
  switch (form) {
  case metrics_form::prometheus_text:
    return "text/plain; version=0.0.4; charset=utf-8";
  case metrics_form::open_metrics:
    return "application/openmetrics-text; version=1.0.0; charset=utf-8";
  case metrics_form::json:
    break;
  }
  return "application/json";
}

} // namespace

void http_server_state::start(http_server_parts parts) {
  watch_->account_to(parts.record);
  parts_ = std::move(parts);
  turns_.emplace(turns_environment());
}

std::uint64_t http_server_state::drain() {
  parts_.front->stop_accepting();
  return parts_.front->counts().in_flight;
}

actor_status_ptr http_server_state::status() const {
  parts_.record->in_flight(parts_.front->publish().in_flight);
  return status_of(*parts_.record);
}

void http_server_state::serve(const http_call_ptr& call) {
  const activity serving(*parts_.record, "handling a request");
  if (!neighbours_)
    return call->answer(http::error_response({fault::unavailable, "the daemon is starting"}));
  if (auto refusal = refuse_change(parts_.changes, *call))
    return call->answer(std::move(*refusal));
  if (call->asked.body.size() >= long_body)
    return serve_in_turn(call);
  serve_now(call);
}

/// A long body takes this actor long to read.
void http_server_state::serve_in_turn(const http_call_ptr& call) {
  const auto deadline = call->asked.received + parts_.deadline;
  const auto now = steady_clock::now();
  const cost_turns::cost cost{call->asked.body.size(), false};
  if (now + costly_->expected_wait(cost, now) > deadline)
    return call->answer(refuse_body(*parts_.front, *call, "too many requests with long bodies are waiting"));
  const traced_step turn(call->trace, "wait with long body", trace_step::kind::work);
  costly_->add({cost, [] { return true; },
                [this, call, deadline, turn](const cost_turns::turn&) {
                  turn.end();
                  if (steady_clock::now() < deadline)
                    serve_now(call);
                  else
                    call->answer(
                        refuse_body(*parts_.front, *call, "the body was not read before the deadline"));
                }},
               now);
}

void http_server_state::serve_now(const http_call_ptr& call) {
  switch (call->what) {
  case http_call::kind::recommend:
    return recommend(call);
  case http_call::kind::read_list:
    return read_list(call);
  case http_call::kind::read_profile:
    return read_profile(call);
  case http_call::kind::write_profile:
    return write_profile(call);
  case http_call::kind::erase_profile:
    return erase_profile(call);
  case http_call::kind::similar_items:
    return similar_items(call);
  case http_call::kind::recommend_many:
    return recommend_many(call);
  case http_call::kind::rank:
    return rank(call);
  case http_call::kind::describe_item:
    return describe_item(call);
  case http_call::kind::popular_items:
    return popular_items(call);
  case http_call::kind::write_item:
    return write_item(call);
  case http_call::kind::reset_item:
    return change_item(call, {std::string(call->asked.path_parameter("item_id")), std::nullopt});
  case http_call::kind::erase_user:
    return erase_user(call);
  case http_call::kind::render_metrics:
    return render_metrics(call, metrics_form_for(call->asked));
  case http_call::kind::render_metrics_json:
    return render_metrics(call, metrics_form::json);
  }
}

void http_server_state::recommend(const http_call_ptr& call) {
  const auto wait = http::bool_parameter(call->asked, "wait", true);
  if (!wait)
    return call->answer(http::error_response(wait.error()));
  auto asked = read_asked_list(call->asked, query_form::list);
  if (!asked)
    return call->answer(http::error_response(asked.error()));
  const bool preferred = http::prefers(call->asked.prefer, "respond-async");
  const bool awaited = *wait && !preferred;
  if (!awaited && !asked->query->is_plain())
    return call->answer(http::error_response(
        {fault::invalid_argument,
         "only a user's plain list can be computed later: it is the one that is stored"}));
  if (!awaited)
    call->answer(accepted_answer(preferred)); // later answers to this call have no effect
  compute(call, std::move(*asked), awaited, answer_of(call), call->asked.received);
}

void http_server_state::rank(const http_call_ptr& call) {
  auto asked = read_asked_list(call->asked, query_form::rank);
  if (!asked)
    return call->answer(http::error_response(asked.error()));
  compute(call, std::move(*asked), true, answer_of(call), call->asked.received);
}

/// @param awaited Whether the client waits for the list. If not, there is more time.
/// @param answer Called once.
/// @param begin When it could have been computed, had there been nothing else to compute.
void http_server_state::compute(const http_call_ptr& call, asked_list asked, bool awaited, call_answer answer,
                                steady_clock::time_point begin) {
  const auto limit = parts_.deadline * (awaited ? 1 : unawaited_factor);
  if (!asked.query->context.empty())
    answer = with_context(std::move(answer), asked.query->context);
  auto named = named_profile(asked.user_id.value_or(std::string()));
  const bool newest = named.timestamp.empty() || parts_.directory->newest(named.user_id) == named;
  auto request = request_for(std::move(named));
  request->newest = newest;
  request->explain = asked.query->explain && awaited;
  request->query = asked.query;
  request->trace = call->trace;
  request->deadline = call->asked.received + limit;
  watch_->ask<recommendation_reply>(
      neighbours_->recommender, limit + answer_grace,
      [this, call, asked = std::move(asked), answer, begin](const recommendation_reply& outcome) {
        if (*outcome)
          parts_.front->served(begin);
        give(answer,
             *outcome ? recommendation_answer(asked, **outcome) : store_error_answer(outcome->error()));
      },
      [call, answer](const caf::error& reason) {
        (*answer)(http::error_response(
            request_failure(reason, "the deadline passed", "the pipeline is being restarted")));
      },
      recommend_atom_v, recommendation_request_ptr(std::move(request)));
}

/// Gives the answer together with all others of the same burst.
void http_server_state::give(const call_answer& to, http::response given) {
  ready_.push_back({to, std::move(given)});
  flush_.raise();
}

void http_server_state::flush() {
  flush_.received();
  const activity answering(*parts_.record, "giving answers");
  const http::answer_burst together;
  for (auto& ready : std::exchange(ready_, {}))
    (*ready.to)(std::move(ready.given));
}

void http_server_state::render_metrics(const http_call_ptr& call, metrics_form form) {
  self_->request(neighbours_->metrics, std::chrono::seconds(5), render_atom_v, form)
      .then(
          [call, form](const std::string& text) {
            http::response answer;
            answer.content_type = content_type_of(form);
            answer.headers.emplace_back("Vary", "Accept");
            answer.body = text;
            call->answer(std::move(answer));
          },
          [call](const caf::error& reason) {
            call->answer(http::error_response(unavailable("the metrics", reason)));
          });
}

http_server_self::behavior_type http_server(http_server_self::stateful_pointer<http_server_state> self,
                                            http_server_parts parts) {
  self->set_exception_handler(crash_reason);
  self->state.start(std::move(parts));
  return {[self](wire_atom, const neighbours_ptr& neighbours) { self->state.neighbours_ = neighbours; },
          [self](serve_atom, const http_call_ptr& call) { self->state.serve(call); },
          [self](tick_atom) { self->state.watch_->tick(); },
          [self](flush_atom) { self->state.flush(); },
          [self](pump_atom) { self->state.rested(); },
          [self](drain_atom) { return self->state.drain(); },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
