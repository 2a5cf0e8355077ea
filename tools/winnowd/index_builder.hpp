#pragma once

#include "config/settings/settings.hpp"
#include "models/model_set.hpp"

#include <atomic>
#include <memory>
#include <thread>

namespace winnow {

/// Prepares the index of a large catalogue on a background thread of the lowest priority and publishes it in
/// the model set. Until then, candidates are searched exactly. Logs the result. Used by one thread at a time.
/// A build that was stopped starts again if its models come into force again.
class index_builder {
public:
  /// Stops the build for the previous models; then starts one for these if the catalogue is large enough and
  /// they have none yet.
  void start(const settings& options, model_set_ptr models);

  index_builder() = default;
  index_builder(const index_builder&) = delete;
  index_builder& operator=(const index_builder&) = delete;

  /// Abandons an unfinished build.
  ~index_builder() { stop(); }

private:
  void stop();

  std::atomic<bool> stop_{false};
  std::thread thread_;
};

} // namespace winnow
