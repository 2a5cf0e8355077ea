#pragma once

#include "actors/supervision/supervisor.hpp"
#include "config/settings/settings.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <memory>
#include <optional>
#include <string>

namespace winnow {

/// The running daemon: the actor system with the supervisor in it. Owned by the main thread, which alone
/// calls it.
class service {
public:
  service(settings options, model_set_ptr models);

  /// Stops the actors in their order; should one not stop within a few seconds, its name is logged and the
  /// process ends without it, with exit code 70.
  ~service();

  service(const service&) = delete;
  service& operator=(const service&) = delete;

  /// Starts to serve. @return The port, or an error that names the address.
  result<std::uint16_t> listen();

  /// Starts to serve operators. @return The port; nothing where that is off, or where nobody asked for the
  /// default address and it is taken, which is logged; else an error that names the address.
  result<std::optional<std::uint16_t>> listen_for_operators();

  /// From now on new requests use these models.
  void reload(model_set_ptr models);

  /// Those on offer were broken: the models in force stay.
  void refused_models();

  /// Not ready at once; then waits for the work in flight, at most for the drain time-out.
  /// @return How many requests were still in flight when it ended.
  std::size_t drain();

  /// Why the daemon cannot go on, once it cannot. The process gets a SIGTERM then.
  std::optional<std::string> fatal() const;

private:
  struct fatal_error;

  template<class Atom>
  result<std::uint16_t> ask_for_port(Atom which, const char* server);

  settings options_;
  std::shared_ptr<health_board> health_;
  std::shared_ptr<metrics> meters_;
  std::shared_ptr<actor_tree> tree_;
  std::shared_ptr<fatal_error> fatal_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  supervisor_actor supervisor_;
};

} // namespace winnow
