#pragma once

#include "config/settings/settings.hpp"
#include "models/model_set.hpp"

#include <functional>
#include <memory>
#include <thread>

namespace winnow {

/// Loads models on a thread of its own, for which nobody has to wait: the main thread heeds signals all the
/// time. A load cannot be broken off, which takes ten seconds for a million items; who ends meanwhile leaves
/// it behind. Owned by the main thread, which alone calls it.
class model_loader {
public:
  /// Is given what came of a load, on the loader's thread.
  using taker = std::function<void(result<model_set_ptr>)>;

  explicit model_loader(settings options);
  ~model_loader() { give_up(); }
  model_loader(const model_loader&) = delete;
  model_loader& operator=(const model_loader&) = delete;

  /// Has the models loaded, after a load that is under way; asked again before that begins, once.
  void load(taker take);

  /// No taker is called any more once this has returned.
  void give_up();

  /// Whether a load was under way when it was given up. Its thread still runs then: the process must end
  /// without tearing down what is global.
  bool left_behind() const noexcept { return left_behind_; }

private:
  struct shared_state;
  static void run(const std::shared_ptr<shared_state>& shared);

  const std::shared_ptr<shared_state> shared_;
  std::thread thread_;
  bool left_behind_ = false;
};

} // namespace winnow
