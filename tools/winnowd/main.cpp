#include "config/log/log.hpp"
#include "config/log/standard_streams.hpp"
#include "config/settings/sources/process_environment.hpp"
#include "config/settings/startup.hpp"
#include "config/system/descriptor_limit.hpp"
#include "config/text/quoted_text.hpp"
#include "tools/support/finished_output.hpp"
#include "tools/winnowd/daemon.hpp"
#include "tools/winnowd/exit_codes.hpp"
#include "tools/winnowd/first_loads.hpp"
#include "tools/winnowd/index_builder.hpp"
#include "tools/winnowd/make_registry.hpp"
#include "tools/winnowd/manager_in.hpp"
#include "tools/winnowd/model_loader.hpp"
#include "tools/winnowd/named_files.hpp"
#include "tools/winnowd/rules_keeper.hpp"
#include "tools/winnowd/signals.hpp"
#include "tools/winnowd/store_report.hpp"
#include "tools/winnowd/taken_keeper.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace winnow {

namespace {

constexpr const char* program = "winnowd";

// Signals that come so soon after the first one are the same order: `timeout` and wrappers of services send
// it to the process and to its group.
constexpr std::chrono::milliseconds echo_time{100};

/// Raises the limit of open files, and lowers that of connections if it does not fit below.
void make_room_for_clients(http_settings& http) {
  const auto descriptors = raise_descriptor_limit();
  const auto fitting = connections_below(descriptors, http.max_connections);
  if (fitting == http.max_connections)
    return;
  log_event(
      log_level::warning, program, "fewer connections than configured",
      {{"connections", fitting}, {"max_connections", http.max_connections}, {"open_files", descriptors}});
  http.max_connections = fitting;
}

/// Prints one line to standard error. @return The exit code.
int refuse(int code, const std::string& message) {
  write_error_line(std::string(program) + ": " +
                   printable_text(message)); // it may name bytes of a broken file
  return code;
}

void announce(const char* what, bool tls, const std::string& host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  write_output_line(std::string(program) + " " + what + (tls ? " https://" : " http://") +
                    (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port));
}

void announce_admin(const admin_address& address, std::uint16_t port) {
  if (address.unix_path.empty())
    return announce("admin on", address.tls, address.host, port);
  write_output_line(std::string(program) + " admin on " + to_string(address));
}

/// Tells the service manager that the daemon serves, with these models.
void tell_ready(const service_manager& manager, const std::string& models) {
  manager.ready("serving, models " + models);
}

/// Serves on, but reports not ready, until load balancers have noticed. Reloads on SIGHUP meanwhile. A second
/// SIGTERM or SIGINT ends that time.
template<class Reload>
void leave(daemon& running, std::chrono::milliseconds delay, Reload reload) {
  const auto begin = std::chrono::steady_clock::now();
  running.leave();
  drop_stop_signals_until(begin + std::min(delay, echo_time));
  log_event(log_level::info, program, "leaving", {{"delay_ms", delay.count()}});
  while (signal_until(begin + delay) == SIGHUP)
    reload();
}

/// A port that cannot be bound is an error of the environment; a daemon that cannot start is a defect of its
/// own.
int refuse_to_serve(const daemon& running, const std::string& message) {
  if (const auto why = running.fatal())
    return refuse(exit_codes::software, *why);
  return refuse(exit_codes::unavailable, message);
}

/// The code to exit with if the daemon cannot go on.
int give_up(const service_manager& manager, const std::string& why) {
  unblock_termination(); // a signal ends the process at once
  log_event(log_level::error, program, "giving up", {{"reason", why}});
  manager.stopping("giving up: " + why);
  return exit_codes::software;
}

/// Serves until the process is told to stop. @return The exit code.
int serve(const settings& options, model_set_ptr models, const named_files& named, model_loader& loader,
          store_handles store, const service_manager& manager) {
  std::optional<late_termination> impatience; // outlives the daemon, whose end may be waited for too long
  const auto recent = std::make_shared<recent_profiles>(options.gate.profiles);
  const auto registry = make_registry(options, models, loader, recent, named.rules, named.desk);
  if (!restore_trials(loader, registry))
    return exit_codes::success;
  const auto taken = options.pipeline.watched_users > 0
                         ? std::make_shared<taken_watch>(options.pipeline.watched_users)
                         : nullptr;
  std::optional<taken_keeper> keeper; // outlives the daemon, which changes what it keeps
  if (taken)
    keeper.emplace(taken, taken_file(options.learning.state, models->home), options.learning.save_interval,
                   !options.fleet.name.empty());
  daemon running(
      options, models, named.desk, named.known, std::move(store), registry,
      {options.gate.profiles > 0 ? recent : nullptr, taken}, [&manager] { manager.progress(); }, named.rules);
  const auto admin_port = running.listen_for_operators();
  if (!admin_port)
    return refuse_to_serve(running, admin_port.error().message);
  const auto port = running.listen();
  if (!port)
    return refuse_to_serve(running, port.error().message);
  announce("listening on", !options.http.tls_certificate.empty(), options.http.host, *port);
  if (*admin_port)
    announce_admin(options.admin.address, **admin_port);

  tell_ready(manager, models->version);
  std::atomic<bool> is_stopping{false}; // then the service manager is not told otherwise
  const auto tell_ready_again = [&manager, &is_stopping](const std::string& version) {
    if (!is_stopping)
      tell_ready(manager, version);
  };
  std::optional<rules_keeper> rules;
  if (named.rules)
    rules.emplace(running, named.rules, named.desk, models);
  index_builder index;
  index.start(options, with_others(models, registry->trials()));
  registry->serve_with({[&](const model_set_ptr& chosen, const model_trials_ptr& trials) {
                          if (rules && chosen)
                            rules->serve(chosen, trials);
                          else
                            running.reload(chosen, nullptr, trials);
                          models = chosen ? chosen : models;
                          index.start(options, with_others(models, trials));
                          if (chosen)
                            tell_ready_again(chosen->version);
                        },
                        [&](const error& why, const std::string& in_force) {
                          running.refused_models();
                          if (rules)
                            rules->reread();
                          log_event(log_level::error, "models", "reload refused, the old models stay",
                                    {{"reason", why.message}});
                          tell_ready_again(in_force);
                        },
                        [&](auto known) { running.when_in_force(std::move(known)); }});
  const auto reload = [&] {
    if (!is_stopping)
      manager.reloading();
    named.known.reload();
    running.restore_steering_token();
    named.desk->read_deny_list_again();
    registry->reload();
  };
  int signal = wait_for_signal();
  for (; signal == SIGHUP; signal = wait_for_signal())
    reload();

  const bool by_operator = running.told_to_drain();
  if (!running.fatal()) {
    if (by_operator)
      log_event(log_level::info, program, "draining", {{"asked_by", "an operator"}});
    else
      log_event(log_level::info, program, "stopping", {{"signal", signal_name(signal)}});
    is_stopping = true;
    manager.stopping(by_operator ? "draining" : "stopping");
    if (const auto delay = options.pipeline.shutdown_delay; delay.count() > 0)
      leave(running, delay, reload);
  }
  registry->stop(); // its user refers to what is destroyed below
  loader.give_up();
  if (const auto why = running.fatal())
    return give_up(manager, *why);
  impatience.emplace(echo_time); // then a further signal ends the process at once
  const std::size_t left = running.drain();
  log_event(left == 0 ? log_level::info : log_level::warning, program, by_operator ? "drained" : "stopped",
            {{"unfinished_requests", left}});
  return by_operator ? exit_codes::drained : exit_codes::success;
}

int check_the_store(const settings& options) {
  return report_store(options.store, !options.fleet.name.empty());
}

/// Does what needs no daemon: prints a text, or checks the settings or the store. @return The exit code.
int report(const startup_request& request) {
  using kind = startup_request::kind;
  const auto& options = request.loaded.values;
  if (request.action == kind::check_store)
    return check_the_store(options);
  if (request.action == kind::check_config)
    if (const auto checked = named_files::read(options); !checked)
      return refuse(exit_codes::config, checked.error().message);
  std::fputs(printable_text(request.text).c_str(), request.action == kind::invalid ? stderr : stdout);
  for (const auto& warning : request.loaded.warnings)
    std::fprintf(stderr, "%s: warning: %s\n", program, printable_text(warning).c_str());
  if (request.action == kind::check_config && !options.models.rules.empty())
    std::fprintf(stderr, "%s: the rules are not compared with the items, only a start does that\n", program);
  return request.checks_store ? check_the_store(options) : request.exit_code;
}

int run(int argc, char** argv) {
  open_missing_streams();
  log_uncaught_exceptions();
  block_signals();
  explain_bus_errors();
  const auto variables = process_environment();
  const auto request = read_settings(
      {program, "Recommendations from user histories, in three learned stages."}, argc, argv, variables);
  if (request.action != startup_request::kind::run) {
    unblock_signals();
    return finished_output(program, report(request));
  }
  settings options = request.loaded.values;
  configure_log(options.log);
  for (const auto& warning : request.loaded.warnings)
    log_event(log_level::warning, "settings", "ignored", {{"what", warning}});
  make_room_for_clients(options.http);
  const auto named = named_files::read(options);
  if (!named)
    return refuse(exit_codes::config, named.error().message);
  auto store = open_store(options.store);
  if (!store)
    return refuse(store.error().cause == fault::conflict ? exit_codes::unavailable : exit_codes::io_error,
                  store.error().message);
  model_loader loader(options);
  int code = exit_codes::success;
  if (auto models = first_models(loader)) {
    const auto fits = *models ? check_fit(named->rules, ***models) : result<void>();
    if (!*models)
      code = refuse(exit_codes::no_input, models->error().message);
    else if (!fits)
      code = refuse(exit_codes::config, fits.error().message);
    else
      code = serve(options, std::move(**models), *named, loader, std::move(*store), manager_in(variables));
  }
  if (loader.is_abandoned()) { // everything else has ended
    flush_standard_streams();
    std::_Exit(code);
  }
  return code;
}

} // namespace

} // namespace winnow

int main(int argc, char** argv) {
  return winnow::run(argc, argv);
}
