#pragma once

#include "config/settings/settings.hpp"
#include "models/model_set.hpp"

#include <atomic>
#include <memory>
#include <thread>

namespace winnow {

/// Prepares the index of a large catalogue aside, on a thread that gives way to all others, and publishes it
/// in the model set; until then candidates are looked for exactly. The log says what came of it. One thread
/// at a time calls it.
class index_building {
public:
  /// Ends what is being built for models before these; then begins, where the catalogue is large enough.
  void start(const settings& options, model_set_ptr models);

  index_building() = default;
  index_building(const index_building&) = delete;
  index_building& operator=(const index_building&) = delete;

  /// Gives up what is not ready.
  ~index_building() { stop(); }

private:
  void stop();

  std::atomic<bool> stop_{false};
  std::thread builder_;
};

} // namespace winnow
