#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow {

/// Receives the progress of training and may stop it. Called on the training thread.
class training_observer {
public:
  virtual ~training_observer() = default;

  virtual void begin_stage(std::string_view stage, std::size_t epochs) = 0;

  /// Called after each step. @return Whether to continue. If not, training ends at once; the last saved state
  /// remains.
  virtual bool step(std::size_t epoch, std::size_t done, std::size_t total) = 0;

  /// Called after each epoch. @param loss Mean loss. @param measured Measurements of this epoch; may be
  /// empty.
  virtual void end_epoch(std::size_t epoch, double loss, const std::string& measured) = 0;

  virtual void end_stage(const std::string& summary) = 0;

  /// Called after each epoch. @return Whether to save the state now and end.
  virtual bool wants_state() const = 0;

  /// Reports a message to the user.
  virtual void note(const std::string& text) = 0;
};

} // namespace winnow
