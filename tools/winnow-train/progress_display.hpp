#pragma once

#include "models/training/training_observer.hpp"

#include <chrono>
#include <cstdio>

namespace winnow {

/// Shows how training goes on: on a terminal a bar that redraws itself, with rate and time left; else a line
/// now and then. Ends training when the program is asked to.
class progress_display final : public training_observer {
public:
  using clock = std::chrono::steady_clock;

  /// @param out Standard error as a rule: standard output is for what others read.
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
  std::size_t steps_done_ = 0; ///< Of the epoch, at the last step.
  double loss_ = 0;
  clock::time_point stage_began_, epoch_began_, last_drawn_, last_line_;
};

} // namespace winnow
