#include "tools/winnowd/first_loads.hpp"

#include "config/log/log.hpp"
#include "tools/winnowd/signals.hpp"

#include <chrono>
#include <future>
#include <utility>

namespace winnow {

namespace {

/// Waits for what the loader does; makes it give up if a signal comes before. @return Whether it is done.
template<class Value>
bool wait_for(const std::future<Value>& done, model_loader& loader) {
  constexpr std::chrono::milliseconds signal_check{20};
  while (done.wait_for(signal_check) != std::future_status::ready)
    if (const int signal = stop_signal_so_far(); signal != 0) {
      loader.give_up();
      log_event(log_level::info, "winnowd", "stopping", {{"signal", signal_name(signal)}});
      return false;
    }
  return true;
}

} // namespace

const char* signal_name(int signal) {
  return signal == SIGTERM ? "SIGTERM" : "SIGINT";
}

std::optional<result<model_set_ptr>> first_models(model_loader& loader) {
  std::promise<result<model_set_ptr>> loaded;
  auto models = loaded.get_future();
  loader.load([&](result<model_set_ptr> given) { loaded.set_value(std::move(given)); });
  if (!wait_for(models, loader))
    return std::nullopt;
  return models.get();
}

bool restore_trials(model_loader& loader, const std::shared_ptr<model_registry>& registry) {
  const auto restored = std::make_shared<std::promise<bool>>(); // the loader may outlive this call
  const auto done = restored->get_future();
  loader.later([restored, registry] {
    registry->restore_trials();
    restored->set_value(true);
  });
  return wait_for(done, loader);
}

std::vector<model_set_ptr> with_others(const model_set_ptr& models, const model_trials_ptr& trials) {
  std::vector<model_set_ptr> all{models};
  if (!trials)
    return all;
  for (const auto& arm : trials->arms)
    if (arm)
      all.push_back(arm);
  if (trials->shadow)
    all.push_back(trials->shadow);
  return all;
}

} // namespace winnow
