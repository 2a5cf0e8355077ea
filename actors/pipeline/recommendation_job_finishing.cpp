#include "actors/pipeline/profile_digest.hpp"
#include "actors/pipeline/recommendation_job.hpp"
#include "actors/pipeline/shadow_run.hpp"
#include "models/explanation.hpp"
#include "models/trials/model_trials.hpp"

#include <algorithm>
#include <utility>

// What becomes of the last stage's list: it is arranged, explained, stored, counted, and sent.

namespace winnow {

namespace {

std::string_view origin(urgency priority) {
  return priority == urgency::interactive ? "http" : "poller";
}

/// Views into the models.
std::vector<std::string_view> ids_of(const recommendation& made) {
  std::vector<std::string_view> ids;
  ids.reserve(made.items.size());
  for (const auto item : made.items)
    ids.push_back(made.models->items[item]);
  return ids;
}

} // namespace

// Runs here and not in a stage, because it must work even if DIN's workers are late or down. For the few
// items of a list it costs less than a request to another actor.
void recommendation_job::explain() {
  din_model::scratch work;
  for (const auto& peak : winnow::explain(*result_.models, *user_, result_.items, work))
    result_.because.push_back({(*history_)[peak.position], peak.weight});
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
  if (!user_->wishes) {
    result_.items.reserve(kept_->items.size());
    for (const auto& entry : kept_->items)
      result_.items.push_back(entry.item);
    return finish_list();
  }
  arrange();
  if (lacks_candidates())
    return find_further();
  finish_list();
}

void recommendation_job::arrange() {
  arranged_ = arrange_list(*result_.models, *user_->wishes,
                           parts_of(*kept_, *before_ranknet_, *result_.candidates, widths_));
}

/// Whether the list is too short, and further candidates may make it longer.
bool recommendation_job::lacks_candidates() const {
  return arranged_.ran_out && may_have_further(*user_->wishes, widths_, result_.candidates->items.size());
}

std::size_t recommendation_job::further_items() const {
  return further_for(*user_->wishes, result_.models->items.size());
}

/// Goes on with more candidates than usual. They are ranked by no other stage. Few lists need them.
void recommendation_job::find_further() {
  ask("candidate_generator", env_.neighbours->candidate_generator, result_.candidates, further_items(),
      time_left() / 2, &recommendation_job::take_further);
}

void recommendation_job::take_further(result<list_ptr> list) {
  const bool has_failed = !list;
  if (list) {
    result_.candidates = std::move(*list);
    arrange();
  } else {
    degrade("candidate_generator", list.error());
  }
  const auto found = result_.candidates->items.size();
  if (has_failed || found == widths_.candidates + further_items())
    looked_at_ = found;
  finish_list();
}

/// Says what is to be said about the list, and stores it if it is the plain one.
void recommendation_job::finish_list() {
  if (user_->wishes) {
    result_.items = std::move(arranged_.items);
    result_.shortage =
        shortage_of(*user_->wishes, *user_, result_.items.size(), result_.models->items.size(), looked_at_);
  }
  ids_ = ids_of(result_);
  result_.json = to_json(ids_);
  if (request_->explain)
    explain();
  if (is_plain() && !is_trial()) {
    observe();
    return store();
  }
  result_.stored = result_.to_store = false;
  note_shown();
  finish(std::move(result_));
}

/// Tells of a sample of the lists, to see whether requests are still those for which the models were trained.
void recommendation_job::observe() const {
  if (result_.models != env_.neighbours->models)
    return; // a version of an experiment: the counts would start again at each change of the version
  auto& watch = env_.parts->meters->drift.watch;
  if (!watch.is_due(steady_clock::now()))
    return;
  // The rules of a shop may change the scores, which says nothing about the models.
  const bool are_scores_plain = user_->wishes == nullptr;
  const auto by_din = result_.din ? first_of(result_.din, widths_.din_keep) : nullptr;
  watch.observe(*result_.models, *user_, by_din.get(), are_scores_plain ? result_.ranknet.get() : nullptr);
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
  if (request_->known_profile || !source_ || !request_->newest)
    return;
  const auto digest = profile_digest(source_->digest, list_basis(result_.models->version, usual_widths_,
                                                                 false, plain_digest_of(result_.rules)));
  env_.stored->note(
      {request_->user_id, confirmed ? digest : 0, confirmed && !result_.degraded.empty(), timestamp_});
}

void recommendation_job::note_shown() const {
  if (!seen_)
    return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto trial = env_.in_trial ? trial_of(env_.neighbours->trials) : std::string();
  env_.parts->meters->taken.taken(
      env_.parts->taken->show(*seen_, ids_, {result_.models->version, trial, placement()},
                              std::chrono::duration_cast<std::chrono::seconds>(now).count()));
}

void recommendation_job::count(const result<recommendation>& outcome, std::chrono::nanoseconds took) const {
  auto& meters = *env_.parts->meters;
  meters.recommender.request(origin(request_->priority), outcome ? "ok" : to_string(outcome.error().cause),
                             took);
  if (!outcome)
    return;
  if (outcome->truncated > 0)
    meters.recommender.truncated();
  meters.recommender.source(to_string(outcome->candidates->source));
  meters.trials.listed(outcome->models->version, !outcome->degraded.empty(), took);
}

void recommendation_job::finish(result<recommendation> outcome) {
  if (answered_)
    return;
  answered_ = true;
  env_.watch->settle(late_);
  // Not in the destructor: an actor that never answers may keep the job alive for longer.
  env_.parts->meters->recommender.in_flight(--env_.parts->health->in_flight);
  const auto took = steady_clock::now() - begin_;
  if (!is_trial()) // of an operator: nobody got that list
    count(outcome, took);
  env_.parts->record->took(took);
  if (trace_)
    trace_->listed(took, outcome ? std::string_view(outcome->models->version) : std::string_view());
  if (trace_ && request_->priority == urgency::background)
    trace_->ended(begin_ + took, failure_of(outcome));
  const auto reply = std::make_shared<const result<recommendation>>(std::move(outcome));
  answer_.deliver(reply);
  if (shadowed_ && *reply && (*reply)->ranknet)
    run_shadow(env_, *request_, {reply, shadowed_, stages_took_});
}

} // namespace winnow
