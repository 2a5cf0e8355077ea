#include "actors/pipeline/recommender.hpp"

#include "actors/pipeline/recommendation_job.hpp"
#include "actors/pipeline/shadow_run.hpp"
#include "actors/runtime/crash_reason.hpp"
#include "config/log/log.hpp"
#include "models/model_set.hpp"
#include "models/trials/model_trials.hpp"

namespace winnow {

namespace {

recommendation_reply refusal(fault cause, std::string message) {
  return std::make_shared<const result<recommendation>>(fail(cause, std::move(message)));
}

void log_misfits(const std::vector<std::string>& misfits) {
  for (const auto& misfit : misfits)
    log_event(log_level::warning, recommender_state::name, "rule left out", {{"reason", misfit}});
}

/// Logs, counts and shows the rules that are left out, because they do not fit the items.
std::function<void(const std::vector<std::string>&)>
misfit_report(std::shared_ptr<const recommender_parts> parts) {
  return [parts = std::move(parts)](const std::vector<std::string>& misfits) {
    log_misfits(misfits);
    parts->meters->rules.misfits(misfits.size());
    parts->health->rules_left_out(misfits);
    if (parts->rules)
      parts->rules->left_out(misfits);
  };
}

std::shared_ptr<reading_lanes> make_lanes(const std::shared_ptr<deadline_watch<recommender_self>>& watch) {
  return std::make_shared<reading_lanes>(cost_turns::pauses{
      cost_turns::usual_rest_factor,
      [watch = std::weak_ptr(watch)](std::chrono::milliseconds rest, std::function<void()> rested) {
        if (const auto time = watch.lock())
          time->expect(rest, std::move(rested));
      }});
}

} // namespace

profile_reader_actor scheduled_reader(caf::scheduled_actor* parent) {
  return parent->spawn(profile_reader, false);
}

std::shared_ptr<flood_limit> omission_log() {
  return std::make_shared<flood_limit>([](const flood_limit::report& some) {
    log_event(log_level::warning, recommender_state::name, "stage left out",
              {{"stage", some.cause}, {"lists", some.count}, {"reason", some.reason}});
  });
}

recommender_state::recommender_state(recommender_self::pointer owner)
    : self_(owner), watch_(std::make_shared<deadline_watch<recommender_self>>(owner)),
      burst_(std::make_shared<store_burst>(owner, watch_)),
      stored_(std::make_shared<stored_list_burst>(owner)),
      costly_(std::make_shared<cost_turns>(
          cost_turns::pauses{cost_turns::usual_rest_factor,
                             [this](std::chrono::milliseconds rest, std::function<void()> then) {
                               rested_ = std::move(then);
                               self_->delayed_send(self_, rest, pump_atom_v);
                             }})),
      large_(std::make_shared<cost_turns>()), lanes_(make_lanes(watch_)),
      shadows_(std::make_shared<shadow_gate>()) {}

recommender_state::~recommender_state() {
  large_->abandon();
  lanes_->abandon();
  costly_->abandon();
  burst_->abandon();
  watch_->abandon();
}

std::optional<error> recommender_state::overload(const recommendation_request& request) const {
  const auto most = parts_->pipeline.max_in_flight;
  return request.priority == urgency::interactive ? parts_->health->admission_error(most)
                                                  : parts_->health->overload(most);
}

caf::result<recommendation_reply> recommender_state::recommend(const recommendation_request_ptr& request) {
  const activity starting(*parts_->record, "starting a request");
  if (!neighbours_)
    return refusal(fault::unavailable, "the pipeline is starting");
  if (auto why = overload(*request)) {
    parts_->meters->recommender.request(request->priority == urgency::interactive ? "http" : "poller",
                                        to_string(why->cause), std::chrono::nanoseconds::zero());
    return refusal(why->cause, std::move(why->message));
  }
  if (request->priority == urgency::interactive)
    parts_->health->last_interactive = steady_clock::now();
  auto job = std::make_shared<recommendation_job>(environment_for(*request), request);
  auto answer = job->answer();
  job->run();
  return answer;
}

/// Whether the user gets a version of the experiment: at some placements only a share of the users does, and
/// a session without a user id never does, as all of them would get the same version.
bool recommender_state::takes_part(const recommendation_request& request) const {
  const auto& trials = neighbours_->trials;
  if (!trials || !trials->running || request.user_id.empty())
    return false;
  const bool is_placed = request.query && !request.query->placement.empty() && neighbours_->rules;
  const auto* const placement = is_placed ? neighbours_->rules->find(request.query->placement) : nullptr;
  return placement == nullptr || !placement->experiment_share ||
         trials->takes_part(request.user_id, request.query->placement, *placement->experiment_share);
}

/// What a job works with: the models of its user, and the rules as they fit these.
job_environment recommender_state::environment_for(const recommendation_request& request) {
  std::size_t place = 0;
  auto models = neighbours_->models;
  const bool in_trial = takes_part(request);
  if (in_trial)
    if (const auto arm = neighbours_->trials->other_arm_of(request.user_id)) {
      place = *arm + 1;
      models = neighbours_->trials->arms[*arm];
    }
  return {self_,           watch_, burst_,      stored_,           costly_,  large_,  lanes_,
          asked_of(place), parts_, neighbours_, std::move(models), in_trial, shadows_};
}

/// What is counted and shown concerns the models in force, whose items those of an experiment mostly are.
const std::shared_ptr<ruled_lists>& recommender_state::asked_of(std::size_t place) {
  while (asked_.size() <= place)
    asked_.push_back(std::make_shared<ruled_lists>(asked_.empty() ? misfit_report(parts_) : log_misfits));
  return asked_[place];
}

/// Finds the rules that do not fit the items at once, and not with the next list, which may be long in
/// coming. It would do the same work.
void recommender_state::fit_rules() {
  const auto& rules = neighbours_->rules;
  if (!rules)
    return;
  list_query plain;
  if (rules->plain_digest == 0 && !rules->placements.empty())
    plain.placement = rules->placements.begin()->first;
  const auto& models = *neighbours_->models;
  static_cast<void>(
      asked_of(0)->resolve(rules, &plain, models, widths_for(parts_->cascade, models.widths).ranknet_keep));
}

/// The readers end with the recommender, and the recommender with a reader that crashes: then it is restarted
/// with new ones.
void recommender_state::start(recommender_parts parts) {
  watch_->account_to(parts.record);
  parts_ = std::make_shared<const recommender_parts>(std::move(parts));
  const std::array<profile_reader_actor, 2> readers{parts_->new_reader(self_), parts_->new_reader(self_)};
  for (const auto& reader : readers)
    self_->link_to(reader);
  lanes_->use(readers);
}

void recommender_state::rested() {
  const activity filtering(*parts_->record, "applying a costly filter");
  std::exchange(rested_, nullptr)();
}

void recommender_state::wire(const neighbours_ptr& neighbours) {
  neighbours_ = neighbours;
  burst_->use(neighbours->gateway);
  fit_rules();
}

actor_status_ptr recommender_state::status() const {
  parts_->omissions->report_due(); // here, because the introspector asks regularly
  parts_->record->in_flight(parts_->health->in_flight);
  return status_of(*parts_->record);
}

recommender_self::behavior_type recommender(recommender_self::stateful_pointer<recommender_state> self,
                                            recommender_parts parts) {
  self->set_exception_handler(crash_reason);
  self->state.start(std::move(parts));
  return {[self](recommend_atom, const recommendation_request_ptr& request) {
            return self->state.recommend(request);
          },
          [self](flush_atom) { self->state.burst_->flush(); },
          [self](stored_atom) { self->state.stored_->report(self->state.neighbours_->poller); },
          [self](pump_atom) { self->state.rested(); },
          [self](tick_atom) { self->state.watch_->tick(); },
          [self](wire_atom, const neighbours_ptr& neighbours) { self->state.wire(neighbours); },
          [self](status_atom) { return self->state.status(); }};
}

} // namespace winnow
