#include "actors/pipeline/store_burst.hpp"

namespace winnow {

namespace {

// So many commands are sent at once, without waiting for the end of the burst. The store then works on the
// first of a large batch of requests while the others are still being read, and the stages on the first
// profiles while the others still come.
constexpr std::size_t enough = 32;

} // namespace

void store_burst::add(store_command command, std::chrono::milliseconds limit,
                      std::shared_ptr<question> asked) {
  flush_.raise();
  commands_.push_back(std::move(command));
  asked->ticket = watch_->expect(limit, asked);
  waiting_.push_back(std::move(asked));
  if (waiting_.size() == enough)
    flush();
}

void store_burst::flush() {
  flush_.received();
  if (waiting_.empty())
    return;
  auto commands = std::make_shared<const std::vector<store_command>>(std::move(commands_));
  auto questions = std::make_shared<const std::vector<std::shared_ptr<question>>>(std::move(waiting_));
  commands_.clear();
  waiting_.clear();
  std::vector<traced_step> steps;
  for (const auto& one : *questions)
    if (one->step)
      steps.push_back(one->step);
  const auto await = [&](auto sent) {
    sent.then(
        [watch = watch_, questions](const store_replies& replies) {
          const auto now = watch->working("handling store replies");
          for (std::size_t i = 0; i < questions->size(); ++i) {
            auto& one = *(*questions)[i];
            if (watch->settle(one.ticket)) {
              one.step.end(failure_of((*replies)[i]));
              one.replied((*replies)[i]);
            }
          }
        },
        [watch = watch_, questions](const caf::error& reason) {
          const auto now = watch->working("handling a store error");
          for (const auto& one : *questions)
            if (watch->settle(one->ticket)) {
              one->step.end(fault::unavailable);
              one->failed(reason);
            }
        });
  };
  if (steps.empty())
    await(self_->request(gateway_, caf::infinite, execute_atom_v, store_commands(std::move(commands))));
  else
    await(self_->request(gateway_, caf::infinite, execute_atom_v, store_commands(std::move(commands)),
                         std::make_shared<const std::vector<traced_step>>(std::move(steps))));
}

} // namespace winnow
