#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow {

/// Hears how training goes on, and may end it. Called by the thread that trains.
class training_observer {
public:
  virtual ~training_observer() = default;

  virtual void begin_stage(std::string_view stage, std::size_t epochs) = 0;

  /// After a step. @return Whether to go on; else training ends at once, and what is kept is the last state.
  virtual bool step(std::size_t epoch, std::size_t done, std::size_t total) = 0;

  /// After an epoch. @param loss Mean. @param measured What was measured then, or nothing.
  virtual void end_epoch(std::size_t epoch, double loss, const std::string& measured) = 0;

  virtual void end_stage(const std::string& summary) = 0;

  /// Asked after each epoch: whether to keep the state now and to end.
  virtual bool wants_state() const = 0;

  /// Something that the user should know.
  virtual void note(const std::string& text) = 0;
};

} // namespace winnow
