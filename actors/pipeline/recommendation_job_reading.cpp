#include "actors/pipeline/profile_digest.hpp"
#include "actors/pipeline/recommendation_job.hpp"
#include "actors/store/traced_commands.hpp"

#include <utility>

// How a request gets its user's profile: from the store, or as it came. A long one is read by another thread,
// in its turn.

namespace winnow {

namespace {

// A large value may take this many times the deadline of a request to arrive.
constexpr int longest_read = 20;

tl::unexpected<error> store_is_late() {
  return fail(fault::unavailable, "the profile store did not answer in time");
}

} // namespace

void recommendation_job::read_profile_from_store() {
  if (request_->timestamp.empty())
    read_newest_profile();
  else
    read_profile_of_time();
}

void recommendation_job::read_newest_profile() {
  timestamp_ = env_.parts->directory->newest(request_->user_id).timestamp;
  read_profile_of_time();
}

void recommendation_job::read_profile_of_time() {
  auto job = shared_from_this();
  const traced_step step(trace_, "read profile", trace_step::kind::store);
  env_.burst->ask(
      read_profile{{request_->user_id, timestamp_}, false, cost_turns::costly_bytes}, step, time_left(),
      [job](const store_reply& reply) { job->take_profile_text(reply); },
      [job](const caf::error&) { job->finish(store_is_late()); });
}

void recommendation_job::take_profile_text(const store_reply& reply) {
  if (!reply)
    return finish(tl::make_unexpected(reply.error()));
  if (reply->is_longer)
    return await_turn();
  if (!reply->value)
    return miss_profile();
  if (reply->value->size() < reading_lanes::long_bytes)
    return read(*reply->value);
  long_profile asked;
  asked.text = std::make_shared<const std::string>(*reply->value);
  look_up_in_turn(std::move(asked), reply->value->size(), nullptr);
}

/// The newest profile may have been removed a moment ago. Then a newer one counts, or else the one without a
/// timestamp, until the poller has found whether there is an older one.
void recommendation_job::miss_profile() {
  if (timestamp_.empty() || !request_->timestamp.empty())
    return finish(no_profile());
  const auto newest = env_.parts->directory->newest(request_->user_id).timestamp;
  const bool is_newer_known = missing_.empty() && newest != timestamp_;
  missing_ = std::exchange(timestamp_, is_newer_known ? newest : std::string());
  read_profile_of_time();
}

void recommendation_job::await_turn() {
  const cost_turns::cost unknown{cost_turns::costly_bytes, request_->priority == urgency::background};
  const auto now = steady_clock::now();
  if (env_.large->expected_wait(unknown, now) + env_.lanes->of_huge().turns->expected_wait(unknown, now) >
      time_left())
    return finish(fail(fault::overloaded, "too many large profiles are waiting"));
  auto job = shared_from_this();
  late_ = env_.watch->expect(time_left(), [job] { job->finish(store_is_late()); });
  const traced_step waiting(trace_, "wait with large profile", trace_step::kind::work);
  env_.large->add({unknown, [job] { return !job->answered_; },
                   [job, waiting](const cost_turns::turn& turn) {
                     waiting.end();
                     job->read_large_profile(turn);
                   }},
                  now);
}

/// Reads the whole profile. If it arrives after the deadline, the turn lasts until then all the same, because
/// the connection is busy with it.
void recommendation_job::read_large_profile(const cost_turns::turn& turn) {
  auto job = shared_from_this();
  // The turn must end within a handler: CAF destroys handlers while it changes the table of pending requests,
  // into which the next turn adds one.
  const auto held = std::make_shared<cost_turns::turn>(turn);
  const traced_step step(trace_, "read large profile", trace_step::kind::store);
  auto command = std::make_shared<std::vector<store_command>>();
  command->emplace_back(read_profile{{request_->user_id, timestamp_}, false});
  run_commands(
      *env_.watch, env_.neighbours->background_gateway, env_.parts->pipeline.deadline * longest_read,
      std::move(command), step,
      [job, held](const store_replies& replies) {
        job->take_large_text(replies, std::exchange(*held, nullptr));
      },
      [job, held](const caf::error&) {
        job->finish(store_is_late());
        held->reset();
      });
}

void recommendation_job::take_large_text(const store_replies& replies, const cost_turns::turn& turn) {
  if (!env_.watch->settle(late_))
    return; // the deadline has passed
  const auto& reply = replies->front();
  if (!reply)
    return finish(tl::make_unexpected(reply.error()));
  if (!reply->value)
    return miss_profile();
  long_profile asked;
  asked.text = std::shared_ptr<const std::string>(replies, &*reply->value);
  look_up_in_turn(std::move(asked), reply->value->size(), turn);
}

/// Has another thread read a long profile, and look up what is in it.
/// @param read The turn to read a large one, which lasts until its text is needed no more; null: it is not
///   large, or it was known.
void recommendation_job::look_up_in_turn(long_profile asked, std::size_t bytes,
                                         const cost_turns::turn& read) {
  const auto& lane = env_.lanes->of(bytes);
  const cost_turns::cost cost{bytes, request_->priority == urgency::background};
  const auto now = steady_clock::now();
  if (!read && lane.turns->expected_wait(cost, now) > time_left())
    return finish(fail(fault::overloaded, "too many long profiles are waiting"));
  auto job = shared_from_this();
  late_ = env_.watch->expect(time_left(), [job] {
    job->finish(fail(fault::timeout, "the deadline passed before the profile was read"));
  });
  asked.user_id = request_->user_id;
  asked.models = result_.models;
  asked.taken = is_watched() ? env_.parts->taken : nullptr;
  asked.placement = placement();
  const traced_step waiting(trace_, "wait with long profile", trace_step::kind::work);
  lane.turns->add({cost, [job] { return !job->answered_; },
                   [job, &lane, asked = std::make_shared<const long_profile>(std::move(asked)), read,
                    waiting](const cost_turns::turn& turn) {
                     waiting.end();
                     job->look_up_elsewhere(asked, lane, {read, turn});
                   }},
                  now);
}

/// @param turns They end when the other thread is done, whether or not anybody still waits for it.
void recommendation_job::look_up_elsewhere(const long_profile_ptr& asked, const reading_lanes::lane& lane,
                                           std::vector<std::shared_ptr<const void>> turns) {
  auto job = shared_from_this();
  // As in `read_large_profile`: turns must end within a handler.
  const auto held = std::make_shared<std::vector<std::shared_ptr<const void>>>(std::move(turns));
  const traced_step step(trace_, "look up long profile", trace_step::kind::work);
  env_.watch->ask<looked_up_ptr>(
      lane.reader, env_.parts->pipeline.deadline * longest_read,
      [job, held, step](const looked_up_ptr& found) {
        step.end(failure_of(*found));
        job->take_looked_up(found);
        held->clear();
      },
      [job, held, step](const caf::error&) {
        step.end(fault::unavailable);
        job->finish(fail(fault::unavailable, "a long profile was not read in time"));
        held->clear();
      },
      resolve_atom_v, asked);
}

void recommendation_job::take_looked_up(const looked_up_ptr& found) {
  if (!env_.watch->settle(late_))
    return; // the deadline has passed
  if (!*found)
    return finish(fail(to_redis_key({request_->user_id, timestamp_}), found->error()));
  if ((*found)->source) {
    source_ = (*found)->source;
    result_.truncated = (*found)->left_out;
  }
  const auto comparing = comparisons();
  if (comparing < cost_turns::costly_comparisons)
    return resolve_looked_up(found);
  filter_in_turn(comparing, [this, found] { resolve_looked_up(found); });
}

void recommendation_job::read(const std::string& text) {
  if (time_left().count() == 0)
    return finish(fail(fault::timeout, "the deadline passed before the profile was read"));
  source_ = profile_source{content_digest(text), fingerprint_of(text)};
  const auto parsed = parse_stored_profile(text);
  if (!parsed)
    return finish(fail(to_redis_key({request_->user_id, timestamp_}), parsed.error()));
  result_.truncated = parsed->left_out;
  const auto comparing = comparisons();
  if (comparing < cost_turns::costly_comparisons)
    return resolve(parsed->items);
  filter_in_turn(comparing, [this, items = parsed->items] { resolve(items); });
}

/// What the filters of the query cost the recommender; nothing if somebody has asked the same lately.
std::size_t recommendation_job::comparisons() const {
  return request_->query ? env_.asked->comparisons(result_.rules, *request_->query, *result_.models) : 0;
}

/// @param resolve Goes on with the profile. Not called after the job has ended.
void recommendation_job::filter_in_turn(std::size_t comparisons, std::function<void()> resolve) {
  const auto cost = cost_turns::cost_of_filter(comparisons);
  const auto now = steady_clock::now();
  if (env_.costly->expected_wait(cost, now) > time_left())
    return finish(fail(fault::overloaded, "too many requests with costly filters are waiting"));
  auto job = shared_from_this();
  const traced_step waiting(trace_, "wait with costly filter", trace_step::kind::work);
  env_.costly->add({cost, [job] { return !job->answered_; },
                    [job, waiting, resolve = std::move(resolve)](const cost_turns::turn&) {
                      waiting.end();
                      if (job->time_left().count() > 0)
                        resolve();
                      else
                        job->finish(
                            fail(fault::timeout, "the deadline passed before the filter was applied"));
                    }},
                   now);
}

/// A long profile is costly also if it was read already.
void recommendation_job::resolve_in_turn(const std::shared_ptr<const profile>& items) {
  if (const auto bytes = reading_lanes::bytes_of(items->size()); bytes >= reading_lanes::long_bytes) {
    long_profile asked;
    asked.items = items;
    return look_up_in_turn(std::move(asked), bytes, nullptr);
  }
  const auto comparing = comparisons();
  if (comparing < cost_turns::costly_comparisons)
    return resolve(*items);
  filter_in_turn(comparing, [this, items] { resolve(*items); });
}

tl::unexpected<error> recommendation_job::no_profile() const {
  const auto& asked = *request_;
  if (!asked.timestamp.empty())
    return fail(fault::not_found, "no profile of user " + asked.user_id + " of the time " + asked.timestamp);
  if (!env_.parts->health->profiles_listed)
    return fail(fault::unavailable, env_.parts->health->store_refuses(store_need::listing)
                                        ? "the profile store refuses to list its profiles"
                                        : "the profiles in the store are being listed");
  // There may be an older one, which the next sweep finds.
  if (!missing_.empty() && !env_.parts->directory->all_erased(asked.user_id))
    return fail(fault::unavailable, "the newest profile of user " + asked.user_id + " is gone");
  return fail(fault::not_found, "no profile of user " + asked.user_id);
}

} // namespace winnow
