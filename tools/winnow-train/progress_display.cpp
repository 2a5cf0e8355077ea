#include "tools/winnow-train/progress_display.hpp"

#include "config/text/quoted_text.hpp"
#include "tools/support/terminal.hpp"
#include "tools/winnow-train/interrupt.hpp"
#include "tools/winnow-train/progress_line.hpp"

#include <algorithm>

namespace winnow {

namespace {

using seconds = std::chrono::duration<double>;

constexpr auto between_frames = std::chrono::milliseconds(100);
constexpr auto between_lines = std::chrono::seconds(5);
constexpr auto long_epoch = std::chrono::seconds(5);

} // namespace

progress_display::progress_display(std::FILE* out) : out_(out), is_terminal_(can_draw_on(out)) {}

void progress_display::line(const std::string& text) {
  std::fprintf(out_, "%s%s\n", is_terminal_ ? "\r\x1b[K" : "", printable_text(text).c_str());
  std::fflush(out_);
}

void progress_display::begin_stage(std::string_view stage, std::size_t epochs) {
  stage_ = stage;
  epochs_ = epochs;
  first_epoch_ = 0;
  stage_began_ = epoch_began_ = last_line_ = clock::now();
  last_drawn_ = {};
}

bool progress_display::step(std::size_t epoch, std::size_t done, std::size_t total) {
  if (first_epoch_ == 0)
    first_epoch_ = epoch;
  const auto now = clock::now();
  if (is_terminal_ && now - last_drawn_ >= between_frames) {
    last_drawn_ = now;
    draw(epoch, done, total);
  }
  steps_done_ = done;
  // After an interrupt, a short epoch is finished so that none of it is lost; a long epoch is abandoned.
  const double share = static_cast<double>(done) / static_cast<double>(total);
  const seconds whole = seconds(now - epoch_began_) / share;
  return !(interrupted() && whole > long_epoch);
}

void progress_display::draw(std::size_t epoch, std::size_t done, std::size_t total) {
  const double in_epoch = static_cast<double>(done) / static_cast<double>(total);
  const double share = (static_cast<double>(epoch - 1) + in_epoch) / static_cast<double>(epochs_);
  const double mine = static_cast<double>(epoch - first_epoch_) + in_epoch; // epochs since this run began
  const double spent = seconds(clock::now() - stage_began_).count();
  const double left = mine > 0 ? spent / mine * (static_cast<double>(epochs_) * (1 - share)) : 0;
  const double rate = mine * static_cast<double>(total) / std::max(spent, 1e-9);
  const stage_progress at{stage_, share, epoch, epochs_, rate, left, loss_};
  std::fprintf(out_, "\r\x1b[K%s", progress_line(at, columns_of(out_)).c_str());
  std::fflush(out_);
}

void progress_display::end_epoch(std::size_t epoch, double loss, const std::string& measured) {
  loss_ = loss;
  const auto now = clock::now();
  const double rate = static_cast<double>(steps_done_) / std::max(seconds(now - epoch_began_).count(), 1e-9);
  const bool is_due = now - last_line_ >= between_lines || epoch == epochs_;
  if (!measured.empty() || (is_due && !is_terminal_)) {
    char text[256];
    std::snprintf(text, sizeof text, "%s epoch %zu/%zu: loss %.4f, %s, %.3f s%s%s", stage_.c_str(), epoch,
                  epochs_, loss, rate_text(rate).c_str(), seconds(now - epoch_began_).count(),
                  measured.empty() ? "" : ", ", measured.c_str());
    line(text);
    last_line_ = now;
  }
  epoch_began_ = clock::now();
}

void progress_display::end_stage(const std::string& summary) {
  char text[256];
  std::snprintf(text, sizeof text, "%s done in %.1f s: %s", stage_.c_str(),
                seconds(clock::now() - stage_began_).count(), summary.c_str());
  line(text);
}

bool progress_display::wants_state() const {
  return interrupted();
}

void progress_display::note(const std::string& text) {
  line(text);
}

} // namespace winnow
