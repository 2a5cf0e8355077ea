#include "actors/pipeline/store_burst.hpp"

namespace winnow {

namespace {

// So many commands are sent at once, without waiting for the end of the burst. The store then works on the
// first of a large batch of requests while the others are still being read, and the stages on the first
// profiles while the others still come.
constexpr std::size_t enough = 32;

} // namespace

void store_burst::ask(store_command command, const traced_step& step, std::chrono::milliseconds limit,
                      reply_handler on_reply, error_handler on_error) {
  flush_.raise();
  commands_.push_back(std::move(command));
  const auto ticket = watch_->expect(limit, [on_error, step] {
    step.end(fault::timeout);
    on_error(make_error(caf::sec::request_timeout));
  });
  waiting_.push_back({ticket, std::move(on_reply), std::move(on_error), step});
  if (waiting_.size() == enough)
    flush();
}

void store_burst::flush() {
  flush_.received();
  if (waiting_.empty())
    return;
  auto commands = std::make_shared<const std::vector<store_command>>(std::move(commands_));
  auto questions = std::make_shared<const std::vector<question>>(std::move(waiting_));
  commands_.clear();
  waiting_.clear();
  for (const auto& one : *questions)
    if (one.step)
      one.step.taken(steady_clock::now(), questions->size());
  self_->request(gateway_, caf::infinite, execute_atom_v, store_commands(std::move(commands)))
      .then(
          [watch = watch_, questions](const store_replies& replies) {
            const auto now = watch->working("handling store replies");
            for (std::size_t i = 0; i < questions->size(); ++i)
              if (watch->settle((*questions)[i].ticket)) {
                (*questions)[i].step.end(failure_of((*replies)[i]));
                (*questions)[i].on_reply((*replies)[i]);
              }
          },
          [watch = watch_, questions](const caf::error& reason) {
            const auto now = watch->working("handling a store error");
            for (const auto& one : *questions)
              if (watch->settle(one.ticket)) {
                one.step.end(fault::unavailable);
                one.on_error(reason);
              }
          });
}

} // namespace winnow
