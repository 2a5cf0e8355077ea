#include "actors/supervision/daemon_children.hpp"
#include "config/log/log.hpp"

#include <algorithm>

// What is asked of the running daemon: to listen, to drain, to scale a stage.

namespace winnow {

namespace {

constexpr std::chrono::seconds listen_patience{10};

} // namespace

listen_reply daemon_children::listen() {
  auto port = front_->listen();
  if (fleet_ && port)
    fleet_->rest_port = *port;
  return std::make_shared<const result<std::uint16_t>>(std::move(port));
}

caf::result<listen_reply> daemon_children::listen_for_operators() {
  auto answer = self_->make_response_promise<listen_reply>();
  self_->request(admin_, listen_patience, listen_atom_v)
      .then(
          [this, answer](const listen_reply& port) mutable {
            admin_listening_ = port->has_value();
            if (admin_listening_)
              admin_settings_.address.port = **port;
            if (admin_listening_ && fleet_)
              fleet_->admin_port = **port;
            answer.deliver(port);
          },
          [answer](const caf::error& reason) mutable { answer.deliver(reason); });
  return answer;
}

/// Unlike a failure of the public port, a failure here is not fatal: requests are still served.
void daemon_children::restarted(const std::string& name) {
  if (!admin_listening_ || name != "admin_server")
    return;
  const auto complain = [](const std::string& reason) {
    log_event(log_level::error, "supervisor", "the admin endpoint is gone", {{"reason", reason}});
  };
  self_->request(admin_, listen_patience, listen_atom_v)
      .then(
          [complain](const listen_reply& port) {
            if (!*port)
              complain(port->error().message);
          },
          [complain](const caf::error& reason) { complain(to_string(reason)); });
}

caf::result<std::uint64_t> daemon_children::drain() {
  self_->send(current_.poller, drain_atom_v);
  if (current_.fleet)
    self_->send(current_.fleet, drain_atom_v);
  return self_->delegate(http_, drain_atom_v);
}

caf::result<count_reply> daemon_children::scale(const std::string& stage, std::uint64_t workers) {
  const auto found = stages_.find(stage);
  if (found == stages_.end())
    return std::make_shared<const result<std::uint64_t>>(fail(fault::not_found, "no stage " + stage));
  found->second.workers = workers;
  std::size_t most = 0;
  for (const auto& one : stages_)
    most = std::max(most, one.second.workers);
  parts_->on_scale(most);
  return self_->delegate(current_.*found->second.handle, scale_atom_v, workers);
}

} // namespace winnow
