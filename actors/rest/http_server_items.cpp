#include "actors/rest/http_server.hpp"
#include "actors/rest/rest_answers.hpp"
#include "actors/runtime/request_failure.hpp"
#include "http/negotiation.hpp"
#include "models/item_description.hpp"
#include "models/model_set.hpp"

// What clients ask about items.

namespace winnow {

namespace {

// How many similar items a request gets: if it does not say, and at most.
constexpr std::size_t default_similar = 10, most_similar = 100;

// The same for popular items.
constexpr std::size_t default_popular = 20, most_popular = 1000;

/// The failure of a stage as clients see it: a stage with a defect is unavailable.
error without_defect(const error& failure) {
  return {failure.cause == fault::timeout ? fault::timeout : fault::unavailable, failure.message,
          failure.public_message};
}

} // namespace

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
  if (known.models != models) {
    known.models = models;
    known.items = most_taken(*models, window == "all" ? popularity_window::all : popularity_window::recent,
                             most_popular);
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
  const model_set_ptr models = neighbours_->models;
  auto task = std::make_shared<stage_task>();
  task->models = models;
  task->similar_to = models->items.find(item_id);
  if (!task->similar_to)
    return call->answer(http::json_error(404, "no item " + item_id));
  task->keep = most_similar; // whatever the limit: the order depends on how long the sources' lists are
  task->deadline = call->asked.received + parts_.deadline;
  const traced_step step(call->trace, "candidate_generator", trace_step::kind::stage);
  task->step = step;
  watch_->ask<stage_reply>(
      neighbours_->candidate_generator, parts_.deadline + answer_grace,
      [call, models, limit = *limit, step](const stage_reply& outcome) {
        step.end(failure_of(*outcome));
        call->answer(
            *outcome ? similar_items_answer(call->asked.path_parameter("item_id"), *models, **outcome, limit)
                     : http::error_response(without_defect(outcome->error())));
      },
      [call, step](const caf::error& reason) {
        step.end(fault::timeout);
        call->answer(http::error_response(
            request_failure(reason, "the deadline passed", "candidate generation is being restarted")));
      },
      rank_atom_v, stage_task_ptr(std::move(task)));
}

} // namespace winnow
