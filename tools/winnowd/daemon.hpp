#pragma once

#include "actors/registry/model_registry.hpp"
#include "actors/supervision/supervisor.hpp"
#include "config/settings/settings.hpp"
#include "config/system/private_file.hpp"
#include "redis/store_factory.hpp"
#include "tools/winnowd/credentials.hpp"
#include "tools/winnowd/stop_watchdog.hpp"

#include <atomic>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace winnow {

/// What the daemon remembers of users' profiles and lists.
struct user_records {
  std::shared_ptr<recent_profiles> recent; ///< The profiles that are read; may be null.
  std::shared_ptr<taken_watch> taken;      ///< Null: what users take is not watched.
};

/// The running daemon: the actor system and the supervisor in it. Owned and called by the main thread alone.
class daemon {
public:
  /// @param on_progress Called once a second, on any thread, while the actors make progress.
  /// @param registry With which operators steer the models. @param records What it remembers.
  /// @param rules Has the shop's first rules; null without a file of rules.
  daemon(settings options, model_set_ptr models, std::shared_ptr<item_desk> desk, const credentials& known,
         store_handles store, std::shared_ptr<model_registry> registry, user_records records,
         std::function<void()> on_progress, rules_board_ptr rules);

  /// Stops the actors in their order. If one does not stop within a few seconds, its name is logged and the
  /// process exits with code 70.
  ~daemon();

  daemon(const daemon&) = delete;
  daemon& operator=(const daemon&) = delete;

  /// Starts to serve requests. @return The port, or an error that names the address.
  result<std::uint16_t> listen();

  /// Starts the admin endpoint. @return Its port; nullopt if it is switched off, or if its default address is
  /// in use, which is logged; an error that names the address if a configured address cannot be bound, or the
  /// file if a configured file for the token cannot be written.
  result<std::optional<std::uint16_t>> listen_for_operators();

  /// Writes the token for steering again if its file is gone: what cleans temporary directories up does not
  /// know who needs it.
  void restore_steering_token();

  /// Makes new requests use these models, these rules, and these trials beside the models, all at once. Any
  /// thread. @param models Null, or `rules` null: those in force stay. @param trials Null: there are none.
  void reload(model_set_ptr models, shop_rules_ptr rules, model_trials_ptr trials);

  /// Makes new requests use these rules. Any thread.
  void reload(shop_rules_ptr rules);

  /// Calls `known` once new requests use what `reload` was last given, or with an error if that is not known
  /// within seconds. Does not block. Any thread; `known` is called on another one.
  void when_in_force(std::function<void(const result<void>&)> known);

  /// Notes that a reading of the file of rules was refused; the rules in force stay. Any thread.
  void refused_rules(const std::string& fault);

  /// Counts new models that were refused; the models in force stay.
  void refused_models();

  /// Reports not ready from now on, and serves all the same, so that load balancers send no more requests.
  void leave();

  /// Reports not ready at once, accepts nothing new, and waits for the work in flight, at most for the drain
  /// time-out.
  /// @return How many requests were still in flight at the end.
  std::size_t drain();

  /// Whether an operator asked the daemon to drain and stop. The process sends itself SIGTERM then.
  bool told_to_drain() const noexcept { return *told_to_drain_; }

  /// Why the daemon cannot go on; nullopt while it can. The process sends itself SIGTERM when this is set.
  std::optional<std::string> fatal() const;

private:
  void take(const shop_rules_ptr& rules);
  struct fatal_error;

  template<class Atom>
  result<std::uint16_t> ask_for_port(Atom which, const char* server);
  result<void> keep_steering_token(std::uint16_t port);

  settings options_;
  std::shared_ptr<health_board> health_;
  std::shared_ptr<metrics> meters_;
  tracer_ptr traces_;
  std::shared_ptr<actor_tree> tree_;
  rules_board_ptr rules_; ///< Null without a file of rules.
  std::shared_ptr<fatal_error> fatal_;
  std::shared_ptr<std::atomic<bool>> told_to_drain_ = std::make_shared<std::atomic<bool>>(false);
  std::optional<stop_watchdog> watchdog_;
  const std::string steering_token_;
  std::optional<private_file> token_file_; ///< With the token, while the daemon runs.
  std::uint16_t admin_port_ = 0;           ///< For which it was written.
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  supervisor_actor supervisor_;
};

} // namespace winnow
