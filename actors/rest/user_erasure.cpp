#include "actors/rest/user_erasure.hpp"

#include "actors/rest/rest_answers.hpp"
#include "actors/rest/user_key_search.hpp"
#include "actors/runtime/request_failure.hpp"
#include "actors/store/traced_commands.hpp"
#include "models/model_set.hpp"
#include "models/trials/model_trials.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

error store_is_late() {
  return {fault::unavailable, "the profile store did not answer in time; erasing again completes it"};
}

} // namespace

user_erasure::user_erasure(std::shared_ptr<deadline_watch<http_server_self>> watch, neighbours_ptr neighbours,
                           http_call_ptr call, std::string newest, user_forgetter forget)
    : watch_(std::move(watch)), neighbours_(std::move(neighbours)), call_(std::move(call)),
      user_id_(call_->asked.path_parameter("user_id")), newest_(std::move(newest)),
      forget_(std::move(forget)) {}

void user_erasure::run() {
  listing_ = traced_step(call_->trace, "list keys", trace_step::kind::store_work);
  find(key_family::profiles, profiles_, [self = shared_from_this()] {
    self->find(key_family::results, self->results_, [self] { self->read_rest(); });
  });
}

/// Puts the timestamps of the user's keys into a member, then goes on.
void user_erasure::find(key_family family, std::vector<std::string>& into, std::function<void()> next) {
  auto take = [self = shared_from_this(), &into,
               next = std::move(next)](std::vector<std::string> found, const std::optional<error>& failure) {
    into = std::move(found);
    if (!failure)
      return next();
    self->listing_.end(failure->cause);
    self->erase_in_part(*failure);
  };
  std::make_shared<user_key_search>(watch_, neighbours_, user_id_, family, std::move(take))->run();
}

/// @param step The name of the trace's step; static text. @param harmless A reply that fails for this cause
/// is
///   passed on like the others.
template<class Next>
void user_erasure::execute(const char* step, std::vector<store_command> commands, Next next,
                           std::optional<fault> harmless) {
  auto self = shared_from_this();
  run_commands(
      *watch_, neighbours_->background_gateway, background_patience,
      std::make_shared<const std::vector<store_command>>(std::move(commands)),
      traced_step(call_->trace, step, trace_step::kind::store),
      [self, next, harmless](const store_replies& replies) {
        for (const auto& reply : *replies)
          if (!reply && reply.error().cause != harmless)
            return self->fail_with(reply.error());
        next(*replies);
      },
      [self](const caf::error&) { self->fail_with(store_is_late()); });
}

/// Finds out what else there is, to say what was erased.
void user_erasure::read_rest() {
  listing_.end();
  execute(
      "read list and events", {read_list{user_id_}, read_events{user_id_}},
      [self = shared_from_this()](const std::vector<store_reply>& replies) {
        const auto is_there = [](const store_reply& reply) { return !reply || reply->value.has_value(); };
        self->has_list_ = is_there(replies[0]);
        self->has_events_ = is_there(replies[1]);
        self->erase();
      },
      fault::conflict); // of another type, which is erased as well
}

/// Profiles go first: a list that is being computed is not stored once its profile is gone.
std::vector<store_command> user_erasure::removal() const {
  std::vector<store_command> commands;
  for (const auto& timestamp : profiles_)
    commands.emplace_back(erase_profile{{user_id_, timestamp}, false});
  commands.emplace_back(erase_profile{{user_id_, {}}, true});
  for (const auto& timestamp : results_)
    commands.emplace_back(erase_list{{user_id_, timestamp}, false});
  commands.emplace_back(erase_list{{user_id_, {}}, true});
  return commands;
}

void user_erasure::erase() {
  execute("erase user", removal(),
          [self = shared_from_this()](const std::vector<store_reply>&) { self->forget(); });
}

/// Erases what is known of the user although not all keys could be listed, as while a cluster moves them.
void user_erasure::erase_in_part(const error& why) {
  unlisted_ = why;
  if (!newest_.empty())
    for (auto* const found : {&profiles_, &results_})
      if (std::find(found->begin(), found->end(), newest_) == found->end())
        found->push_back(newest_);
  erase();
}

void user_erasure::forget() {
  if (forget_)
    forget_(user_id_);
  if (!neighbours_->learner)
    return share(0);
  auto self = shared_from_this();
  const traced_step step(call_->trace, "forget what was learned", trace_step::kind::work);
  watch_->ask<count_reply>(
      neighbours_->learner, background_patience,
      [self, step](const count_reply& forgotten) {
        step.end(failure_of(*forgotten));
        if (*forgotten)
          self->share(**forgotten);
        else
          self->fail_with(forgotten->error());
      },
      [self, step](const caf::error& reason) {
        const auto why = request_failure(reason, "what was learned of the user is not erased yet",
                                         "the learner is being restarted");
        step.end(why.cause);
        self->fail_with(why);
      },
      forget_atom_v, user_id_);
}

/// The other replicas forget what they learned of the user within a second.
void user_erasure::share(std::uint64_t learned) {
  if (!neighbours_->fleet)
    return answer(learned, true);
  auto self = shared_from_this();
  const traced_step step(call_->trace, "tell the fleet", trace_step::kind::work);
  watch_->ask<bool>(
      neighbours_->fleet, background_patience,
      [self, learned, step](bool told) {
        step.end(told ? std::nullopt : std::optional(fault::unavailable));
        self->answer(learned, told);
      },
      [self, learned, step](const caf::error& reason) {
        step.end(timed_out(reason) ? fault::timeout : fault::unavailable);
        self->answer(learned, false);
      },
      forget_atom_v, user_id_);
}

void user_erasure::answer(std::uint64_t learned, bool others_told) {
  if (unlisted_)
    return fail_with(
        fail("the user's profile, list and what was found are erased, erasing again completes it", *unlisted_)
            .value());
  erased_user erased{user_id_, profiles_.size(), results_.size(), has_list_, has_events_, learned, {}};
  const auto knows = [this](const model_set_ptr& models) { return models && models->users->find(user_id_); };
  const auto& trials = neighbours_->trials;
  if (knows(neighbours_->models) ||
      (trials && (knows(trials->shadow) || std::any_of(trials->arms.begin(), trials->arms.end(), knows))))
    erased.remaining.emplace_back("the trained models know the user until the next training");
  if (!others_told)
    erased.remaining.emplace_back("the other replicas of the fleet keep what they learned of the user until "
                                  "the store tells them");
  call_->answer(erased_user_answer(erased));
}

void user_erasure::fail_with(const error& why) {
  call_->answer(store_error_answer(why));
}

} // namespace winnow
