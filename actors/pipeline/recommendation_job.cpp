// The way of one request through the stages. How its profile is read is in recommendation_job_reading.cpp,
// what becomes of its list in recommendation_job_finishing.cpp.

#include "actors/pipeline/recommendation_job.hpp"

#include "actors/pipeline/shadow_run.hpp"
#include "actors/runtime/request_failure.hpp"
#include "models/trials/model_trials.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

/// Whether a stage failed because of load, not because of a defect.
bool is_transient(fault cause) {
  return cause == fault::timeout || cause == fault::overloaded;
}

/// The request's own trace; one of its own for a profile that changed.
request_trace_ptr trace_of(const recommendation_request& request, const recommender_parts& parts) {
  if (request.priority == urgency::interactive || !parts.traces)
    return request.trace;
  const auto& reading = request.reading;
  auto trace =
      parts.traces->begin_background("profile change", reading ? reading->begin : steady_clock::now());
  if (trace && reading) {
    trace_step step;
    step.name = "read profile";
    step.what = trace_step::kind::store_work;
    step.begin = reading->begin;
    step.end = reading->end;
    step.batch = reading->profiles;
    trace->add(step);
  }
  return trace;
}

} // namespace

recommendation_job::recommendation_job(job_environment environment, recommendation_request_ptr request)
    : env_(std::move(environment)), request_(std::move(request)),
      answer_(env_.self->make_response_promise<recommendation_reply>()),
      trace_(trace_of(*request_, *env_.parts)), timestamp_(request_->timestamp), source_(request_->source) {
  result_.models = env_.models;
  result_.truncated = request_->left_out;
  result_.rules = env_.neighbours->rules;
  if (request_->tries == recommendation_request::trial::without_rules)
    result_.rules = nullptr;
  widths_ = usual_widths_ = widths_for(env_.parts->cascade, result_.models->widths);
  env_.parts->meters->recommender.in_flight(++env_.parts->health->in_flight);
}

recommendation_job::~recommendation_job() {
  finish(fail(fault::unavailable, "the recommender is stopping"));
}

void recommendation_job::run() {
  if (time_left().count() == 0)
    finish(fail(fault::timeout, "the deadline passed before the request began"));
  else if (request_->query && request_->query->history)
    resolve_in_turn({request_->query, &*request_->query->history});
  else if (request_->known_profile)
    resolve_in_turn(request_->known_profile);
  else
    read_profile_from_store();
}

std::chrono::milliseconds recommendation_job::time_left() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(request_->deadline - steady_clock::now());
  return std::max(left, std::chrono::milliseconds::zero());
}

void recommendation_job::resolve(const profile& items) {
  auto user = resolve_user(*result_.models, request_->user_id, items);
  if (has_wishes())
    if (auto added = add_wishes(user); !added)
      return finish(tl::make_unexpected(added.error()));
  user_ = std::make_shared<const user_context>(std::move(user));
  if (is_watched())
    seen_ = env_.parts->taken->look(request_->user_id, items, placement());
  begin_stages([&items] { return std::make_shared<const profile>(items); });
}

/// The same with what another thread has looked up. Shares it where it can.
void recommendation_job::resolve_looked_up(const looked_up_ptr& found) {
  const auto& looked_up = **found;
  user_ = std::shared_ptr<const user_context>(found, &looked_up.user);
  if (has_wishes()) {
    auto user = looked_up.user;
    if (auto added = add_wishes(user); !added)
      return finish(tl::make_unexpected(added.error()));
    user_ = std::make_shared<const user_context>(std::move(user));
  }
  seen_ = looked_up.seen;
  begin_stages([&looked_up] { return looked_up.items; });
}

template<class Keep>
void recommendation_job::begin_stages(Keep keep) {
  if (request_->explain)
    history_ = keep();
  if (is_for_shadow()) {
    shadowed_ = keep();
    stages_begin_ = steady_clock::now();
  }
  generate();
}

/// Whether the shop or the client may want anything of the list.
bool recommendation_job::has_wishes() const {
  return result_.rules || !is_plain() || (request_->query && !request_->query->fields.empty());
}

/// Whether the user sees the list from its first item on, at the usual place or at a placement, so that what
/// the user takes next says something about it.
bool recommendation_job::is_shown() const noexcept {
  if (!request_->newest || is_trial())
    return false;
  const auto* const query = request_->query.get();
  return is_plain() || (!query->placement.empty() && !query->history && !query->items && query->offset == 0);
}

std::string_view recommendation_job::placement() const noexcept {
  return request_->query ? std::string_view(request_->query->placement) : std::string_view();
}

/// Whether the shadow ranks this list, too. It ranks plain ones, by the shop's rules if there are any.
bool recommendation_job::is_for_shadow() const {
  const auto& trials = env_.neighbours->trials;
  return trials && trials->shadow && request_->newest && is_plain() && !is_trial() &&
         env_.shadows->chooses(*trials);
}

/// What the shop's rules and the client want of the list.
result<void> recommendation_job::add_wishes(user_context& user) {
  auto query = request_->query.get();
  std::optional<list_query> anywhere;
  if (query != nullptr && request_->tries == recommendation_request::trial::without_rules) {
    anywhere = *query;
    anywhere->placement.clear();
    query = &*anywhere;
  }
  auto wishes = env_.asked->resolve(result_.rules, query, *result_.models, widths_.ranknet_keep);
  if (!wishes)
    return tl::unexpected(wishes.error());
  user.wishes = without_taken_pins(std::move(*wishes), user.excluded);
  if (user.wishes) {
    widths_ = widths_for(*user.wishes, widths_);
    for (const auto& [id, why] : user.wishes->named_withheld)
      result_.withheld.push_back({id, why});
  }
  if (query != nullptr && !query->placement.empty() && !is_trial())
    env_.parts->meters->rules.placed(query->placement);
  return {};
}

void recommendation_job::ask(const char* name, const stage_actor& stage, list_ptr candidates,
                             std::size_t keep, std::chrono::milliseconds limit, next_step next) {
  if (limit.count() == 0)
    return (this->*next)(fail(fault::timeout, "no time left"));
  const traced_step step(trace_, name, trace_step::kind::stage);
  auto task = std::make_shared<const stage_task>(stage_task{result_.models, user_, std::move(candidates),
                                                            keep, steady_clock::now() + limit,
                                                            request_->priority, std::nullopt, step});
  env_.watch->ask<stage_reply>(
      stage, limit,
      [job = shared_from_this(), next, step](const stage_reply& reply) {
        step.end(failure_of(*reply));
        if (*reply)
          (job.get()->*next)(list_ptr(reply, &**reply)); // shares the reply's ownership, points at its list
        else
          (job.get()->*next)(tl::make_unexpected(reply->error()));
      },
      [job = shared_from_this(), next, step](const caf::error& reason) {
        auto why = request_failure(reason, "no answer in time", "the stage is down");
        step.end(why.cause);
        (job.get()->*next)(tl::make_unexpected(std::move(why)));
      },
      rank_atom_v, stage_task_ptr(std::move(task)));
}

void recommendation_job::generate() {
  ask("candidate_generator", env_.neighbours->candidate_generator, nullptr, widths_.candidates, time_left(),
      &recommendation_job::take_candidates);
}

void recommendation_job::take_candidates(result<list_ptr> list) {
  if (!list)
    return finish(fail("candidate generation",
                       error{is_transient(list.error().cause) ? list.error().cause : fault::unavailable,
                             list.error().message}));
  result_.candidates = kept_ = std::move(*list);
  rank_by_din();
}

// A ranking stage may use half of the remaining time. If it is late, the rest is enough to store the list and
// to answer.

void recommendation_job::rank_by_din() {
  ask("din_ranker", env_.neighbours->din_ranker, kept_, din_items(), time_left() / 2,
      &recommendation_job::take_din_list);
}

std::size_t recommendation_job::din_items() const {
  return user_->wishes ? din_items_for(*user_->wishes, widths_) : widths_.din_keep;
}

void recommendation_job::take_din_list(result<list_ptr> list) {
  keep_ranked("din", std::move(list), result_.din, din_items());
  before_ranknet_ = kept_;
  kept_ = first_of(kept_, widths_.din_keep);
  rank_by_ranknet();
}

void recommendation_job::rank_by_ranknet() {
  ask("ranknet_ranker", env_.neighbours->ranknet_ranker, kept_, widths_.ranknet_keep, time_left() / 2,
      &recommendation_job::take_ranknet_list);
}

void recommendation_job::take_ranknet_list(result<list_ptr> list) {
  keep_ranked("ranknet", std::move(list), result_.ranknet, widths_.ranknet_keep);
  complete();
}

/// Goes on with a ranking stage's list; if there is none, with the first ones of the stage before.
void recommendation_job::keep_ranked(const char* stage, result<list_ptr> list, list_ptr& ranked,
                                     std::size_t keep) {
  if (list) {
    ranked = kept_ = std::move(*list);
  } else {
    degrade(stage, list.error());
    kept_ = first_of(kept_, keep);
  }
}

void recommendation_job::degrade(std::string_view stage, const error& reason) {
  result_.degraded.push_back(std::string(stage) + ": " + std::string(to_string(reason.cause)));
  if (trace_)
    trace_->degraded(result_.degraded.back());
  env_.parts->meters->recommender.degraded(stage, to_string(reason.cause));
  env_.parts->omissions->note(stage, request_->user_id, reason.message);
}

} // namespace winnow
