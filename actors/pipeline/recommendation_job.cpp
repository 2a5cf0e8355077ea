// The way of one request through the stages. How its profile is read is in recommendation_job_reading.cpp.

#include "actors/pipeline/recommendation_job.hpp"

#include "actors/pipeline/profile_digest.hpp"
#include "actors/pipeline/shadow_run.hpp"
#include "actors/runtime/request_failure.hpp"
#include "config/log/log.hpp"
#include "models/explanation.hpp"
#include "models/trials/model_trials.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

std::string_view origin(urgency priority) {
  return priority == urgency::interactive ? "http" : "poller";
}

/// Whether a stage failed because of load, not because of a defect.
bool is_transient(fault cause) {
  return cause == fault::timeout || cause == fault::overloaded;
}

/// The request's own trace; one of its own for a profile that changed.
request_trace_ptr trace_of(const recommendation_request& request, const recommender_parts& parts) {
  if (request.priority == urgency::interactive || !parts.traces)
    return request.trace;
  return parts.traces->begin_background("profile change");
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
    resolve_in_turn(std::make_shared<const profile>(*request_->query->history));
  else if (request_->known_profile)
    resolve_in_turn(request_->known_profile);
  else
    read_profile_from_store();
}

bool recommendation_job::is_plain() const noexcept {
  return !request_->query || request_->query->is_plain();
}

std::chrono::milliseconds recommendation_job::time_left() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(request_->deadline - steady_clock::now());
  return std::max(left, std::chrono::milliseconds::zero());
}

void recommendation_job::resolve(const profile& items) {
  auto user = resolve_user(*result_.models, request_->user_id, items);
  if (result_.rules || !is_plain() || (request_->query && !request_->query->fields.empty()))
    if (auto added = add_wishes(user); !added)
      return finish(tl::make_unexpected(added.error()));
  user_ = std::make_shared<const user_context>(std::move(user));
  if (request_->explain)
    history_ = items;
  if (env_.parts->taken && request_->newest && is_plain())
    seen_ = env_.parts->taken->look(request_->user_id, items);
  if (is_for_shadow()) {
    shadowed_ = std::make_shared<const profile>(items);
    stages_begin_ = steady_clock::now();
  }
  generate();
}

/// Whether the shadow ranks this list, too. It ranks plain ones that no rule changes.
bool recommendation_job::is_for_shadow() const {
  const auto& trials = env_.neighbours->trials;
  return trials && trials->shadow && request_->newest && is_plain() && !is_trial() && !user_->wishes &&
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
                             std::size_t keep, std::chrono::milliseconds limit, const next_step& next) {
  if (limit.count() == 0)
    return next(fail(fault::timeout, "no time left"));
  const traced_step step(trace_, name, trace_step::kind::stage);
  auto task = std::make_shared<const stage_task>(stage_task{result_.models, user_, std::move(candidates),
                                                            keep, steady_clock::now() + limit,
                                                            request_->priority, std::nullopt, step});
  env_.watch->ask<stage_reply>(
      stage, limit,
      [next, step](const stage_reply& reply) {
        step.end(failure_of(*reply));
        if (*reply)
          next(list_ptr(reply, &**reply)); // shares the reply's ownership, points at its list
        else
          next(tl::make_unexpected(reply->error()));
      },
      [next, step](const caf::error& reason) {
        auto why = request_failure(reason, "no answer in time", "the stage is down");
        step.end(why.cause);
        next(tl::make_unexpected(std::move(why)));
      },
      rank_atom_v, stage_task_ptr(std::move(task)));
}

void recommendation_job::generate() {
  auto job = shared_from_this();
  ask("candidate_generator", env_.neighbours->candidate_generator, nullptr, widths_.candidates, time_left(),
      [job](result<list_ptr> list) {
        if (!list)
          return job->finish(
              fail("candidate generation",
                   error{is_transient(list.error().cause) ? list.error().cause : fault::unavailable,
                         list.error().message}));
        job->result_.candidates = job->kept_ = std::move(*list);
        job->rank_by_din();
      });
}

// A ranking stage may use half of the remaining time. If it is late, the rest is enough to store the list and
// to answer.

void recommendation_job::rank_by_din() {
  auto job = shared_from_this();
  ask("din_ranker", env_.neighbours->din_ranker, kept_, widths_.din_keep, time_left() / 2,
      [job, keep = widths_.din_keep](result<list_ptr> list) {
        if (list) {
          job->result_.din = job->kept_ = std::move(*list);
        } else {
          job->degrade("din", list.error());
          job->kept_ = first_of(job->kept_, keep);
        }
        job->rank_by_ranknet();
      });
}

void recommendation_job::rank_by_ranknet() {
  auto job = shared_from_this();
  ask("ranknet_ranker", env_.neighbours->ranknet_ranker, kept_, widths_.ranknet_keep, time_left() / 2,
      [job, keep = widths_.ranknet_keep](result<list_ptr> list) {
        if (list) {
          job->result_.ranknet = job->kept_ = std::move(*list);
        } else {
          job->degrade("ranknet", list.error());
          job->kept_ = first_of(job->kept_, keep);
        }
        job->complete();
      });
}

void recommendation_job::degrade(std::string_view stage, const error& reason) {
  result_.degraded.push_back(std::string(stage) + ": " + std::string(to_string(reason.cause)));
  if (trace_)
    trace_->degraded(result_.degraded.back());
  env_.parts->meters->recommender.degraded(stage, to_string(reason.cause));
  env_.parts->omissions->note(stage, request_->user_id, reason.message);
}

// Runs here and not in a stage, because it must work even if DIN's workers are late or down. For the few
// items of a list it costs less than a request to another actor.
void recommendation_job::explain() {
  din_model::scratch work;
  for (const auto& peak : winnow::explain(*result_.models, *user_, result_.items, work))
    result_.because.push_back({history_[peak.position], peak.weight});
}

std::uint64_t recommendation_job::basis() const {
  return list_basis(result_.models->version, usual_widths_, !result_.degraded.empty(),
                    plain_digest_of(result_.rules));
}

write_list recommendation_job::stored_command() const {
  write_list command{request_->user_id, timestamp_, result_.json, request_->newest};
  command.yields = env_.parts->fleet && env_.parts->fleet->yields();
  if (source_) {
    command.only_if = source_->fingerprint;
    command.record = list_record{source_->digest, basis(), content_digest(result_.json)};
  }
  return command;
}

/// Makes the final list from that of the last stage.
void recommendation_job::complete() {
  if (shadowed_)
    stages_took_ = steady_clock::now() - stages_begin_;
  if (user_->wishes) {
    result_.items = arrange_list(*result_.models, *user_->wishes, *kept_);
    result_.shortage =
        shortage_of(*user_->wishes, *user_, result_.items.size(), result_.models->items.size());
  } else {
    result_.items.reserve(kept_->items.size());
    for (const auto& entry : kept_->items)
      result_.items.push_back(entry.item);
  }
  std::vector<std::string_view> ids;
  ids.reserve(result_.items.size());
  for (const auto item : result_.items)
    ids.push_back(result_.models->items[item]);
  result_.json = to_json(ids);
  if (request_->explain)
    explain();
  if (is_plain() && !is_trial()) {
    observe();
    return store();
  }
  result_.stored = result_.to_store = false;
  finish(std::move(result_));
}

/// Tells of a sample of the lists, to see whether requests are still those for which the models were trained.
void recommendation_job::observe() const {
  if (result_.models != env_.neighbours->models)
    return; // a version of an experiment: each would begin anew after the other
  auto& watch = env_.parts->meters->drift.watch;
  if (!watch.is_due(steady_clock::now()))
    return;
  // The rules of a shop may change the scores, which says nothing about the models.
  const bool are_scores_plain = user_->wishes == nullptr;
  watch.observe(*result_.models, *user_, result_.din.get(),
                are_scores_plain ? result_.ranknet.get() : nullptr);
}

void recommendation_job::store() {
  auto job = shared_from_this();
  // At least 50 ms, even if the deadline is near: the list is finished and only has to be stored.
  const auto limit = std::max(time_left(), std::chrono::milliseconds(50));
  const traced_step step(trace_, "store list", trace_step::kind::store);
  env_.burst->ask(
      stored_command(), step, limit,
      [job](const store_reply& reply) {
        job->result_.stored = reply && reply->stored;
        if (job->result_.stored && job->env_.parts->on_stored)
          job->env_.parts->on_stored(job->request_->user_id, job->timestamp_, job->result_.json);
        job->note_stored(job->result_.stored);
        if (job->result_.stored)
          job->note_shown();
        if (reply) // to a client, it is as if the profile had changed a moment later
          job->finish(std::move(job->result_));
        else
          job->finish(fail("storing the list", reply.error()));
      },
      [job](const caf::error&) {
        job->note_stored(false);
        job->finish(fail(fault::unavailable, "storing the list: the profile store did not answer in time"));
      });
}

void recommendation_job::note_stored(bool confirmed) const {
  if (request_->known_profile || !source_)
    return;
  const auto digest = profile_digest(source_->digest, list_basis(result_.models->version, usual_widths_,
                                                                 false, plain_digest_of(result_.rules)));
  env_.stored->note({request_->user_id, confirmed ? digest : 0});
}

void recommendation_job::note_shown() const {
  if (!seen_)
    return;
  std::vector<std::string_view> ids;
  ids.reserve(result_.items.size());
  for (const auto item : result_.items)
    ids.push_back(result_.models->items[item]);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto trial = trial_of(env_.neighbours->trials);
  env_.parts->meters->taken.taken(
      env_.parts->taken->show(*seen_, ids, {result_.models->version, trial},
                              std::chrono::duration_cast<std::chrono::seconds>(now).count()));
}

void recommendation_job::finish(result<recommendation> outcome) {
  if (answered_)
    return;
  answered_ = true;
  env_.watch->settle(late_);
  auto& meters = *env_.parts->meters;
  // Not in the destructor: an actor that never answers may keep the job alive for longer.
  meters.recommender.in_flight(--env_.parts->health->in_flight);
  if (outcome && outcome->truncated > 0)
    meters.recommender.truncated();
  if (outcome)
    meters.recommender.source(to_string(outcome->candidates->source));
  const auto took = steady_clock::now() - begin_;
  meters.recommender.request(origin(request_->priority), outcome ? "ok" : to_string(outcome.error().cause),
                             took);
  if (outcome)
    meters.trials.listed(outcome->models->version, !outcome->degraded.empty(), took);
  env_.parts->record->took(took);
  if (trace_)
    trace_->listed(took);
  if (trace_ && request_->priority == urgency::background)
    trace_->ended(begin_ + took, failure_of(outcome));
  const auto reply = std::make_shared<const result<recommendation>>(std::move(outcome));
  answer_.deliver(reply);
  if (shadowed_ && *reply && (*reply)->ranknet)
    run_shadow(env_, *request_, {reply, shadowed_, stages_took_});
}

} // namespace winnow
