#include "tools/winnowd/daemon.hpp"

#include "actors/message_types.hpp"
#include "actors/runtime/chain_scheduler.hpp"
#include "actors/supervision/trace_reports.hpp"
#include "config/files/file_name.hpp"
#include "config/log/log.hpp"
#include "config/system/admin_token_file.hpp"
#include "config/system/secret_token.hpp"
#include "models/cascade.hpp"
#include "tools/winnowd/processors.hpp"

#include <algorithm>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <csignal>
#include <mutex>
#include <unistd.h>
#include <utility>

namespace winnow {

namespace {

constexpr std::chrono::seconds listen_patience{30};
constexpr std::chrono::seconds stop_patience{5};

// Of operators who wait until what they ordered is in force.
constexpr std::chrono::seconds reload_patience{10};

// How long the last traces may take to reach the collector when everything else has ended.
constexpr std::chrono::seconds export_patience{1};

std::size_t count_of(const shop_rules& rules) {
  auto count = in_words(rules, "").size();
  for (const auto& name : rules.names())
    count += in_words(rules, name).size();
  return count;
}

/// Null if the settings ask for no traces.
tracer_ptr make_tracer(const settings& options, const std::shared_ptr<metrics>& meters) {
  return tracer::of(options.tracing, is_embedded(options.store.address) ? "" : "redis",
                    trace_reports(meters));
}

} // namespace

struct daemon::fatal_error {
  const pthread_t waiting = ::pthread_self(); ///< The main thread, which makes the daemon.
  std::mutex mutex;
  std::optional<std::string> reason;

  void raise(const std::string& why) {
    const std::lock_guard lock(mutex);
    if (reason)
      return;
    reason = why;
    // Wakes the main thread, which waits for signals. Later, when no thread does, it ends nothing.
    // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): that thread blocks it
    ::pthread_kill(waiting, SIGTERM);
  }
};

daemon::daemon(settings options, model_set_ptr models, std::shared_ptr<item_desk> desk,
               const credentials& known, store_handles store, std::shared_ptr<model_registry> registry,
               user_records records, std::function<void()> on_progress, rules_board_ptr rules)
    : options_(std::move(options)), health_(std::make_shared<health_board>(options_.pipeline.deadline)),
      meters_(std::make_shared<metrics>()), traces_(make_tracer(options_, meters_)),
      tree_(std::make_shared<actor_tree>()), rules_(std::move(rules)),
      fatal_(std::make_shared<fatal_error>()), steering_token_(secret_token()) {
  watchdog_.emplace(stop_patience);
  const std::size_t processors = usable_processors();
  const std::size_t workers =
      options_.pipeline.stage_workers == 0 ? processors : options_.pipeline.stage_workers;
  schedule_in_chains(config_, workers);
  add_message_types(config_);
  system_ = std::make_unique<caf::actor_system>(config_);

  supervisor_parts parts;
  parts.options = options_;
  parts.stage_workers = workers;
  parts.models = std::move(models);
  parts.desk = std::move(desk);
  parts.store = std::move(store.store);
  parts.background_store = std::move(store.background_store);
  parts.intake_store = std::move(store.intake_store);
  parts.changes = std::move(store.changes);
  parts.health = health_;
  parts.meters = meters_;
  parts.traces = traces_;
  parts.tree = tree_;
  parts.rules = rules_;
  if (rules_)
    meters_->rules.taken(count_of(*rules_->state().rules));
  if (options_.admin.enable_faults) {
    log_event(log_level::warning, "winnowd", "operators may make stages fail",
              {{"setting", "enable-faults"}});
    parts.faults = std::make_shared<fault_injection>();
  }
  parts.idle_processors = [system = system_.get()] { return idle_processors(*system); };
  parts.on_scale = [system = system_.get()](std::size_t most) { allow_at_once(*system, most); };
  parts.public_guard = known.of_public_port();
  parts.admin_identity = known.of_admin();
  parts.steering_token = steering_token_;
  parts.on_drain = [asked = told_to_drain_, waiting = ::pthread_self()] {
    *asked = true;
    // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): that thread blocks it
    ::pthread_kill(waiting, SIGTERM); // as if the signal had come from outside
  };
  parts.trials = registry->trials();
  parts.registry = std::move(registry);
  parts.recent = std::move(records.recent);
  parts.taken = std::move(records.taken);
  parts.on_progress = std::move(on_progress);
  parts.on_fatal = [fatal = fatal_](const std::string& why) { fatal->raise(why); };
  health_->models_warm = true;
  // On its own thread: the threads that it starts inherit its priority, not the lower one of computing
  // threads.
  supervisor_ = system_->spawn<caf::detached>(supervisor, std::move(parts));
}

daemon::~daemon() {
  std::vector<actor_record_ptr> records; // taken now: workers leave the tree when their dispatcher ends
  for (const auto& place : tree_->places())
    records.push_back(place.record);
  caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  supervisor_ = nullptr;
  watchdog_->expect_stop(std::move(records));
  system_.reset();
  watchdog_.reset();
  if (traces_)
    traces_->stop(export_patience);
}

template<class Atom>
result<std::uint16_t> daemon::ask_for_port(Atom which, const char* server) {
  caf::scoped_actor self(*system_);
  result<std::uint16_t> port = fail(fault::internal, std::string(server) + " did not start");
  self->request(supervisor_, listen_patience, which)
      .receive([&](const listen_reply& reply) { port = *reply; },
               [&](const caf::error& reason) {
                 port = fail(fault::internal, std::string(server) + " did not start: " + to_string(reason));
               });
  return port;
}

result<std::uint16_t> daemon::listen() {
  return ask_for_port(listen_atom_v, "the HTTP server");
}

result<std::optional<std::uint16_t>> daemon::listen_for_operators() {
  if (options_.admin.address.off)
    return std::nullopt;
  const auto port = ask_for_port(admin_atom_v, "the admin endpoint");
  if (port) {
    if (auto kept = keep_steering_token(*port); !kept)
      return tl::unexpected<error>(kept.error());
    return *port;
  }
  if (options_.admin.asked_for)
    return fail("the admin endpoint", port.error());
  log_event(log_level::warning, "admin_server", "no admin endpoint",
            {{"reason", port.error().message}, {"advice", "set --admin to another address, or to off"}});
  return std::nullopt;
}

/// A configured token is in no file, unless one is configured, too: that has the made token, which counts as
/// well. Without a configured file, a daemon that finds no place for it serves without: it can only be read
/// then.
result<void> daemon::keep_steering_token(std::uint16_t port) {
  const admin_settings& admin = options_.admin;
  if (!admin.token.empty() && admin.token_file.empty())
    return {};
  admin_address bound = admin.address;
  bound.port = admin_port_ = port;
  auto written = write_admin_token(bound, admin.token_file, steering_token_);
  if (written) {
    log_event(log_level::info, "admin_server", "steering token written", {{"file", written->path()}});
    token_file_ = std::move(*written);
    return {};
  }
  if (!admin.token_file.empty())
    return fail("the admin token's file", written.error());
  log_event(log_level::warning, "admin_server", "operators cannot steer",
            {{"reason", written.error().message}, {"advice", "set --admin-token-file or --admin-token"}});
  return {};
}

void daemon::restore_steering_token() {
  if (token_file_ && is_absent(token_file_->path()))
    if (const auto kept = keep_steering_token(admin_port_); !kept)
      log_event(log_level::warning, "admin_server", "operators cannot steer",
                {{"reason", kept.error().message}});
}

void daemon::take(const shop_rules_ptr& rules) {
  meters_->rules.taken(count_of(*rules));
  rules_->taken(rules);
}

void daemon::reload(model_set_ptr models, shop_rules_ptr rules, model_trials_ptr trials) {
  if (models)
    meters_->models.reloaded(true);
  if (rules)
    take(rules);
  caf::anon_send(supervisor_, reload_atom_v, std::move(models), std::move(rules), std::move(trials));
}

void daemon::reload(shop_rules_ptr rules) {
  take(rules);
  caf::anon_send(supervisor_, reload_atom_v, model_set_ptr(), std::move(rules));
}

void daemon::when_in_force(std::function<void(const result<void>&)> known) {
  system_->spawn([supervisor = supervisor_, known = std::move(known)](caf::event_based_actor* self) {
    // The supervisor handles its messages in their order, so it answers after it has told the other actors.
    self->request(supervisor, reload_patience, status_atom_v)
        .then([known](const actor_status_ptr&) { known({}); },
              [known](const caf::error& reason) {
                known(fail(fault::timeout, "ordered, but it is not known to be in force after " +
                                               std::to_string(reload_patience.count()) +
                                               " s, see winnowctl status: " + to_string(reason)));
              });
  });
}

void daemon::refused_rules(const std::string& fault) {
  meters_->rules.refused();
  rules_->refused(fault);
}

void daemon::refused_models() {
  meters_->models.reloaded(false);
}

void daemon::leave() {
  health_->draining = true;
}

std::size_t daemon::drain() {
  leave();
  caf::scoped_actor self(*system_);
  const auto deadline = steady_clock::now() + options_.pipeline.drain_timeout;
  while (true) {
    std::size_t exchanges = 0;
    self->request(supervisor_, std::chrono::seconds(1), drain_atom_v)
        .receive([&](std::uint64_t count) { exchanges = count; },
                 [](const caf::error& reason) {
                   log_event(log_level::warning, "winnowd", "draining", {{"reason", to_string(reason)}});
                 });
    const std::size_t left = exchanges + health_->in_flight;
    if (left == 0 || steady_clock::now() >= deadline)
      return left;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

std::optional<std::string> daemon::fatal() const {
  const std::lock_guard lock(fatal_->mutex);
  return fatal_->reason;
}

} // namespace winnow
