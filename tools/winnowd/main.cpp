#include "config/log/log.hpp"
#include "config/settings/setting_value.hpp"
#include "config/settings/startup.hpp"
#include "models/ranking/engine_module.hpp"
#include "tools/winnowd/daemon.hpp"
#include "tools/winnowd/exit_codes.hpp"
#include "tools/winnowd/index_builder.hpp"
#include "tools/winnowd/model_loader.hpp"
#include "tools/winnowd/signals.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <malloc.h>
#include <optional>

namespace {

using namespace winnow;

constexpr const char* program = "winnowd";

/// glibc gives large freed blocks back to the kernel and takes them again page by page; the daemon uses its
/// buffers for as long as it lives, so it keeps them.
void keep_freed_memory() {
  // More than this glibc refuses, and would then map every block of 128 kB and more anew.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // NOLINT(concurrency-mt-unsafe): there is one thread yet
  mallopt(M_TRIM_THRESHOLD, 256 << 20); // NOLINT(concurrency-mt-unsafe)
}

/// One clear line on standard error, and the exit code that goes with it.
int refuse(int code, const std::string& message) {
  std::fprintf(stderr, "%s: %s\n", program, message.c_str());
  return code;
}

const char* signal_name(int signal) {
  return signal == SIGTERM ? "SIGTERM" : "SIGINT";
}

void announce(const char* what, const std::string& host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  std::printf("%s %s http://%s%s%s:%u\n", program, what, ipv6 ? "[" : "", host.c_str(), ipv6 ? "]" : "",
              static_cast<unsigned>(port));
  std::fflush(stdout);
}

void announce_admin(const admin_address& address, std::uint16_t port) {
  if (address.unix_path.empty())
    return announce("admin on", address.host, port);
  std::printf("%s admin on %s\n", program, to_string(address).c_str());
  std::fflush(stdout);
}

/// Loads the engine asked for ahead of the models: where it is missing the settings ask for too much,
/// whatever the models are like.
result<void> load_engine(ranker_engine kind) {
  const auto engine = engine_of(kind);
  if (!engine)
    return fail("--engine " + std::string(to_string(kind)), engine.error());
  if (*engine != nullptr)
    log_event(log_level::info, "models", "engine", {{"computes_with", (*engine)->computes_with()}});
  return {};
}

/// The models to begin with; nothing where the process is told to stop before they are there.
std::optional<result<model_set_ptr>> first_models(model_loader& loader) {
  std::promise<result<model_set_ptr>> loaded;
  auto models = loaded.get_future();
  loader.load([&](result<model_set_ptr> given) { loaded.set_value(std::move(given)); });
  constexpr std::chrono::milliseconds signal_check{20};
  while (models.wait_for(signal_check) != std::future_status::ready)
    if (const int signal = stop_signal_so_far(); signal != 0) {
      loader.give_up();
      log_event(log_level::info, program, "stopping", {{"signal", signal_name(signal)}});
      return std::nullopt;
    }
  return models.get();
}

/// New models take the place of those in use, which stay should the new ones be broken.
void replace_models(service& running, index_building& index, const settings& options,
                    result<model_set_ptr> models) {
  if (models) {
    running.reload(*models);
    return index.start(options, std::move(*models));
  }
  running.refused_models();
  log_event(log_level::error, "models", "reload refused, the old models stay",
            {{"reason", models.error().message}});
}

/// A port that cannot be had is the environment's fault; a daemon that cannot live, its own.
int refuse_to_serve(const service& running, const std::string& message) {
  if (const auto why = running.fatal())
    return refuse(exit_codes::software, *why);
  return refuse(exit_codes::unavailable, message);
}

/// Serves until it is told to stop. @return The exit code.
int serve(const settings& options, model_set_ptr models, model_loader& loader) {
  service running(options, models);
  const auto admin_port = running.listen_for_operators();
  if (!admin_port)
    return refuse_to_serve(running, admin_port.error().message);
  const auto port = running.listen();
  if (!port)
    return refuse_to_serve(running, port.error().message);
  announce("listening on", options.http.host, *port);
  if (*admin_port)
    announce_admin(options.admin.address, **admin_port);

  index_building index;
  index.start(options, std::move(models));
  int signal = wait_for_signal();
  for (; signal == SIGHUP; signal = wait_for_signal())
    loader.load(
        [&](result<model_set_ptr> given) { replace_models(running, index, options, std::move(given)); });
  loader.give_up(); // what it would give has nowhere to go any more

  unblock_termination(); // a second signal ends the process at once
  if (const auto why = running.fatal()) {
    log_event(log_level::error, program, "giving up", {{"reason", *why}});
    return exit_codes::software;
  }
  log_event(log_level::info, program, "stopping", {{"signal", signal_name(signal)}});
  const std::size_t left = running.drain();
  log_event(left == 0 ? log_level::info : log_level::warning, program, "stopped",
            {{"unfinished_requests", left}});
  return exit_codes::success;
}

} // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  block_signals();
  const auto request =
      read_settings({program, "Recommendations from user histories, in three learned stages."}, argc, argv,
                    process_environment());
  if (request.action != startup_request::kind::run) {
    std::fputs(request.text.c_str(), request.action == startup_request::kind::invalid ? stderr : stdout);
    return request.exit_code;
  }
  const settings& options = request.loaded.values;
  configure_log(options.log);
  if (auto engine = load_engine(options.models.engine); !engine)
    return refuse(exit_codes::config, engine.error().message);

  model_loader loader(options);
  int code = exit_codes::success;
  if (auto models = first_models(loader))
    code = *models ? serve(options, std::move(**models), loader)
                   : refuse(exit_codes::no_input, models->error().message);
  if (loader.left_behind())
    std::_Exit(code); // all else has ended, and standard output is written line by line
  return code;
}
