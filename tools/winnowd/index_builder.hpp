#pragma once

#include "config/settings/settings.hpp"
#include "models/model_set.hpp"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace winnow {

/// Prepares the indexes of large catalogues on a background thread of the lowest priority and publishes each
/// in its model set. Until then, candidates are searched exactly. Logs the result. Used by one thread at a
/// time. A build that was stopped starts again if its models come into force again.
class index_builder {
public:
  /// Stops the build for the previous models; then starts one for those of these, one after the other, whose
  /// catalogue is large enough and that have none yet.
  void start(const settings& options, const std::vector<model_set_ptr>& models);

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
