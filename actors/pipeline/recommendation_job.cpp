#include "actors/pipeline/recommendation_job.hpp"

#include "actors/pipeline/profile_digest.hpp"
#include "config/log/log.hpp"
#include "models/explanation.hpp"

#include <algorithm>

namespace winnow {

namespace {

std::string_view origin(urgency priority) {
  return priority == urgency::interactive ? "http" : "poller";
}

/// Whether a failed stage says more of the load than of itself.
bool is_passing(fault cause) {
  return cause == fault::timeout || cause == fault::overloaded;
}

/// The first `count` of a list: what stands in for a stage that did not answer.
std::shared_ptr<const ranked_list> first_of(const std::shared_ptr<const ranked_list>& list,
                                            std::size_t count) {
  if (list->items.size() <= count)
    return list;
  auto shorter = std::make_shared<ranked_list>(*list);
  shorter->items.resize(count);
  if (!shorter->evidence.empty())
    shorter->evidence.resize(count);
  return shorter;
}

} // namespace

recommendation_job::recommendation_job(recommender_actor::pointer self, watch_ptr watch,
                                       std::shared_ptr<store_burst> burst,
                                       std::shared_ptr<stored_list_burst> stored,
                                       std::shared_ptr<const recommender_parts> parts, neighbours_ptr others,
                                       recommendation_request_ptr request)
    : watch_(std::move(watch)), burst_(std::move(burst)), stored_(std::move(stored)),
      parts_(std::move(parts)), others_(std::move(others)), request_(std::move(request)),
      answer_(self->make_response_promise<recommendation_reply>()), timestamp_(request_->timestamp) {
  so_far_.models = others_->models;
  widths_ = widths_for(parts_->cascade, so_far_.models->widths);
  parts_->meters->recommendations_in_flight(++parts_->health->in_flight);
}

recommendation_job::~recommendation_job() {
  finish(fail(fault::unavailable, "the recommender is stopping"));
}

void recommendation_job::run() {
  if (time_left().count() == 0)
    finish(fail(fault::timeout, "the deadline passed before the request began"));
  else if (request_->known_profile)
    resolve(*request_->known_profile);
  else
    read_profile_from_store();
}

std::chrono::milliseconds recommendation_job::time_left() const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(request_->deadline - steady_clock::now());
  return std::max(left, std::chrono::milliseconds::zero());
}

void recommendation_job::read_profile_from_store() {
  auto key = parts_->directory->newest(request_->user_id);
  timestamp_ = key.timestamp;
  auto job = shared_from_this();
  burst_->ask(
      read_profile{std::move(key), false}, time_left(),
      [job](const store_reply& reply) { job->take_profile_text(reply); },
      [job](const caf::error&) {
        job->finish(fail(fault::unavailable, "the profile store did not answer in time"));
      });
}

void recommendation_job::take_profile_text(const store_reply& reply) {
  if (!reply)
    return finish(tl::make_unexpected(reply.error()));
  if (!reply->value)
    return finish(no_profile());
  digest_ = profile_digest(*reply->value, so_far_.models->version);
  const auto items = parse_profile(*reply->value);
  if (!items)
    return finish(fail(to_redis_key({request_->user_id, timestamp_}), items.error()));
  resolve(*items);
}

tl::unexpected<error> recommendation_job::no_profile() const {
  if (!parts_->health->profiles_listed)
    return fail(fault::unavailable, "the profiles in the store are being listed");
  if (!timestamp_.empty()) // he may have an older one, which the next sweep finds
    return fail(fault::unavailable, "the newest profile of user " + request_->user_id + " is gone");
  return fail(fault::not_found, "no profile of user " + request_->user_id);
}

void recommendation_job::resolve(const profile& items) {
  user_ = std::make_shared<const user_context>(resolve_user(*so_far_.models, request_->user_id, items));
  if (request_->explain)
    history_ = items;
  generate();
}

void recommendation_job::ask(const stage_actor& stage, list_ptr candidates, std::size_t keep,
                             std::chrono::milliseconds limit, const next_step& next) {
  if (limit.count() == 0)
    return next(fail(fault::timeout, "no time left"));
  auto task = std::make_shared<const stage_task>(stage_task{
      so_far_.models, user_, std::move(candidates), keep, steady_clock::now() + limit, request_->priority});
  watch_->ask<stage_reply>(
      stage, limit,
      [next](const stage_reply& reply) {
        if (*reply)
          next(list_ptr(reply, &**reply)); // shares the reply's ownership, points at its list
        else
          next(tl::make_unexpected(reply->error()));
      },
      [next](const caf::error& reason) {
        if (reason == caf::sec::request_timeout)
          next(fail(fault::timeout, "no answer in time"));
        else
          next(fail(fault::unavailable, "the stage is down"));
      },
      rank_atom_v, stage_task_ptr(std::move(task)));
}

void recommendation_job::generate() {
  auto job = shared_from_this();
  ask(others_->candidate_generator, nullptr, widths_.candidates, time_left(), [job](result<list_ptr> list) {
    if (!list)
      return job->finish(fail("candidate generation",
                              error{is_passing(list.error().cause) ? list.error().cause : fault::unavailable,
                                    list.error().message}));
    job->so_far_.candidates = job->kept_ = std::move(*list);
    job->rank_by_din();
  });
}

// A ranking stage may use half of the time that is left: should it be late, the rest is enough to store and
// answer.

void recommendation_job::rank_by_din() {
  auto job = shared_from_this();
  ask(others_->din_ranker, kept_, widths_.din_keep, time_left() / 2,
      [job, keep = widths_.din_keep](result<list_ptr> list) {
        if (list) {
          job->so_far_.din = job->kept_ = std::move(*list);
        } else {
          job->degrade("din", list.error());
          job->kept_ = first_of(job->kept_, keep);
        }
        job->rank_by_ranknet();
      });
}

void recommendation_job::rank_by_ranknet() {
  auto job = shared_from_this();
  ask(others_->ranknet_ranker, kept_, widths_.ranknet_keep, time_left() / 2,
      [job, keep = widths_.ranknet_keep](result<list_ptr> list) {
        if (list) {
          job->so_far_.ranknet = job->kept_ = std::move(*list);
        } else {
          job->degrade("ranknet", list.error());
          job->kept_ = first_of(job->kept_, keep);
        }
        job->store();
      });
}

void recommendation_job::degrade(std::string_view stage, const error& reason) {
  so_far_.degraded.push_back(std::string(stage) + ": " + std::string(to_string(reason.cause)));
  parts_->meters->degraded(stage, to_string(reason.cause));
  parts_->omissions->note(stage, reason.message);
}

// Here and not in a stage: it must hold also when DIN's workers are late or down, and for the few items of a
// list it takes less than asking another actor would be worth.
void recommendation_job::explain() {
  din_model::scratch work;
  for (const auto& peak : winnow::explain(*so_far_.models, *user_, so_far_.items, work))
    so_far_.because.push_back({history_[peak.position], peak.weight});
}

void recommendation_job::store() {
  std::vector<std::string_view> ids;
  ids.reserve(kept_->items.size());
  so_far_.items.reserve(kept_->items.size());
  for (const auto& entry : kept_->items) {
    so_far_.items.push_back(entry.item);
    ids.push_back(so_far_.models->items[entry.item]);
  }
  so_far_.json = to_json(ids);
  if (request_->explain)
    explain();
  auto job = shared_from_this();
  // At least a moment, also when the deadline is near: the list is there and only wants storing.
  const auto limit = std::max(time_left(), std::chrono::milliseconds(50));
  burst_->ask(
      write_list{request_->user_id, timestamp_, so_far_.json}, limit,
      [job](const store_reply& reply) {
        job->note_stored(reply.has_value());
        if (reply)
          job->finish(std::move(job->so_far_));
        else
          job->finish(fail("storing the list", reply.error()));
      },
      [job](const caf::error&) {
        job->note_stored(false);
        job->finish(fail(fault::unavailable, "storing the list: the profile store did not answer in time"));
      });
}

/// The poller knows of what it asked for itself.
void recommendation_job::note_stored(bool surely) const {
  if (digest_ != 0)
    stored_->note({request_->user_id, surely ? digest_ : 0});
}

void recommendation_job::finish(result<recommendation> outcome) {
  if (answered_)
    return;
  answered_ = true;
  auto& meters = *parts_->meters;
  // Not when the job goes: somebody who was asked and never answers may hold on to it for longer.
  meters.recommendations_in_flight(--parts_->health->in_flight);
  if (outcome)
    meters.recommendation_source(to_string(outcome->candidates->source));
  const auto took = steady_clock::now() - begin_;
  meters.recommendation(origin(request_->priority), outcome ? "ok" : to_string(outcome.error().cause), took);
  parts_->record->took(took);
  answer_.deliver(std::make_shared<const result<recommendation>>(std::move(outcome)));
}

} // namespace winnow
