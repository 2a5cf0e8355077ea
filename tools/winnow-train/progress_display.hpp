#pragma once

#include "models/training/training_observer.hpp"

#include <chrono>
#include <cstdio>

namespace winnow {

/// Shows the progress of training: on a terminal that can draw as a bar with rate and time left, elsewhere as
/// an occasional line. Stops training after an interrupt.
class progress_display final : public training_observer {
public:
  using clock = std::chrono::steady_clock;

  /// @param out Usually standard error; standard output is for other programs to read.
  explicit progress_display(std::FILE* out);

  void begin_stage(std::string_view stage, std::size_t epochs) override;
  bool step(std::size_t epoch, std::size_t done, std::size_t total) override;
  void end_epoch(std::size_t epoch, double loss, const std::string& measured) override;
  void end_stage(const std::string& summary) override;
  bool wants_state() const override;
  void note(const std::string& text) override;

private:
  void draw(std::size_t epoch, std::size_t done, std::size_t total);
  void line(const std::string& text);

  std::FILE* out_;
  bool is_terminal_;
  std::string stage_;
  std::size_t epochs_ = 0, first_epoch_ = 0;
  std::size_t steps_done_ = 0; ///< Within the epoch, after the last step.
  double loss_ = 0;
  clock::time_point stage_began_, epoch_began_, last_drawn_, last_line_;
};

} // namespace winnow
