#include "actors/pipeline/store_burst.hpp"

namespace winnow {

void store_burst::ask(store_command command, std::chrono::milliseconds limit, reply_handler on_reply,
                      error_handler on_error) {
  flush_.raise();
  commands_.push_back(std::move(command));
  const auto ticket = watch_->expect(limit, [on_error] { on_error(make_error(caf::sec::request_timeout)); });
  waiting_.push_back({ticket, std::move(on_reply), std::move(on_error)});
}

void store_burst::flush() {
  flush_.received();
  if (waiting_.empty())
    return;
  auto commands = std::make_shared<const std::vector<store_command>>(std::move(commands_));
  auto asked = std::make_shared<const std::vector<question>>(std::move(waiting_));
  commands_.clear();
  waiting_.clear();
  self_->request(gateway_, caf::infinite, execute_atom_v, store_commands(std::move(commands)))
      .then(
          [watch = watch_, asked](const store_replies& replies) {
            const auto now = watch->working("taking replies of the store");
            for (std::size_t i = 0; i < asked->size(); ++i)
              if (watch->settle((*asked)[i].ticket))
                (*asked)[i].on_reply((*replies)[i]);
          },
          [watch = watch_, asked](const caf::error& reason) {
            const auto now = watch->working("taking a refusal of the store");
            for (const auto& one : *asked)
              if (watch->settle(one.ticket))
                one.on_error(reason);
          });
}

} // namespace winnow
