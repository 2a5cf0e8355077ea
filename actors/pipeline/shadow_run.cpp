#include "actors/pipeline/shadow_run.hpp"

#include "actors/stage_messages.hpp"
#include "models/trials/model_trials.hpp"
#include "models/trials/shadow_comparison.hpp"

#include <utility>
#include <vector>

namespace winnow {

namespace {

/// Of the lists of the last stage.
std::vector<placed_item> placed(const model_set& models, const ranked_list& list) {
  std::vector<placed_item> all;
  all.reserve(list.items.size());
  for (const auto& entry : list.items)
    all.push_back({models.items[entry.item], entry.score});
  return all;
}

class shadow_run : public std::enable_shared_from_this<shadow_run> {
public:
  using list_ptr = std::shared_ptr<const ranked_list>;
  using next_step = void (shadow_run::*)(list_ptr);

  shadow_run(job_environment environment, served_list served)
      : env_(std::move(environment)), served_(std::move(served)), trials_(env_.neighbours->trials),
        widths_(widths_for(env_.parts->cascade, trials_->shadow->widths)) {
    env_.shadows->begin();
  }

  ~shadow_run() { env_.shadows->end(); }
  shadow_run(const shadow_run&) = delete;
  shadow_run& operator=(const shadow_run&) = delete;

  void run(const std::string& user_id) {
    auto user = resolve_user(*trials_->shadow, user_id, *served_.items);
    auto wishes = env_.shadows->rules().resolve((*served_.reply)->rules, nullptr, *trials_->shadow,
                                                widths_.ranknet_keep);
    if (!wishes)
      return give_up(false);
    user.wishes = without_taken_pins(std::move(*wishes), user.excluded);
    if (user.wishes)
      widths_ = widths_for(*user.wishes, widths_);
    user_ = std::make_shared<const user_context>(std::move(user));
    ask(env_.neighbours->candidate_generator, nullptr, widths_.candidates, &shadow_run::rank_by_din);
  }

private:
  void rank_by_din(list_ptr candidates) {
    ask(env_.neighbours->din_ranker, std::move(candidates), widths_.din_keep, &shadow_run::rank_by_ranknet);
  }

  void rank_by_ranknet(list_ptr by_din) {
    ask(env_.neighbours->ranknet_ranker, std::move(by_din), widths_.ranknet_keep, &shadow_run::compare);
  }

  // NOLINTNEXTLINE(performance-unnecessary-value-param): one of the steps
  void compare(list_ptr by_ranknet) {
    const auto took = steady_clock::now() - begin_;
    const auto& list = **served_.reply;
    const auto difference =
        compare_lists(placed(*list.models, *list.ranknet), placed(*trials_->shadow, *by_ranknet));
    env_.parts->meters->trials.compared(difference.overlap, difference.score, took);
    trials_->shadow_did->compared(difference, served_.took, took);
  }

  /// A stage that is full, or has no time, drops the shadow; one that is broken makes it fail.
  void give_up(bool for_load) {
    env_.parts->meters->trials.shadow(for_load ? shadow_outcome::dropped : shadow_outcome::failed);
    for_load ? trials_->shadow_did->dropped() : trials_->shadow_did->failed();
  }

  void ask(const stage_actor& stage, list_ptr candidates, std::size_t keep, next_step next) {
    auto run = shared_from_this();
    const auto limit = env_.parts->pipeline.deadline;
    stage_task task;
    task.models = trials_->shadow;
    task.user = user_;
    task.candidates = std::move(candidates);
    task.keep = keep;
    task.deadline = steady_clock::now() + limit;
    task.priority = urgency::background;
    env_.watch->ask<stage_reply>(
        stage, limit,
        [run, next](const stage_reply& reply) {
          if (*reply)
            return ((*run).*next)(list_ptr(reply, &**reply));
          const auto cause = reply->error().cause;
          run->give_up(cause == fault::overloaded || cause == fault::timeout);
        },
        [run](const caf::error& reason) { run->give_up(reason == caf::sec::request_timeout); }, rank_atom_v,
        std::make_shared<const stage_task>(std::move(task)));
  }

  const job_environment env_;
  const served_list served_;
  const model_trials_ptr trials_;
  cascade_widths widths_; ///< Wider than the shadow's own if the rules ask for that.
  std::shared_ptr<const user_context> user_;
  const steady_clock::time_point begin_ = steady_clock::now();
};

} // namespace

void run_shadow(const job_environment& environment, const recommendation_request& request,
                served_list served) {
  const auto& trials = *environment.neighbours->trials;
  if (!environment.shadows->has_room(environment.parts->health->in_flight)) {
    environment.parts->meters->trials.shadow(shadow_outcome::dropped);
    return trials.shadow_did->dropped();
  }
  std::make_shared<shadow_run>(environment, std::move(served))->run(request.user_id);
}

} // namespace winnow
