#include "tools/winnowd/rules_keeper.hpp"

#include "config/log/log.hpp"
#include "models/ruled_lists.hpp"
#include "models/rules/rules_file.hpp"

#include <chrono>
#include <utility>

namespace winnow {

namespace {

constexpr const char* component = "rules";

constexpr std::chrono::milliseconds look_interval{500};

// So long the file must not have changed.
constexpr std::chrono::milliseconds rest{300};

void log_taken(const shop_rules& rules) {
  log_event(log_level::info, component, "rules loaded",
            {{"file", rules.file}, {"digest", rules.digest}, {"placements", rules.placements.size()}});
}

} // namespace

result<void> fits_items(const shop_rules& rules, const model_set& models) {
  std::string all;
  for (const auto& misfit : misfits_of(rules, models))
    all += (all.empty() ? "" : "; ") + misfit;
  if (all.empty())
    return {};
  return fail(fault::malformed, rules.file + ": " + all);
}

namespace {

/// The rules of the file; fails if they are broken or do not fit the models.
result<shop_rules_ptr> read_for(const std::filesystem::path& file, const model_set& models) {
  auto rules = read_rules(file);
  if (rules)
    if (const auto fits = fits_items(**rules, models); !fits)
      return tl::unexpected(fits.error());
  return rules;
}

} // namespace

result<void> some_rules_fit(const rules_board& board, const model_set& models) {
  const auto in_force = board.state().rules;
  if (read_for(in_force->file, models))
    return {};
  if (auto fits = fits_items(*in_force, models); !fits)
    return fail("the rules in force do not fit these models", fits.error());
  return {};
}

rules_keeper::rules_keeper(daemon& running, rules_board_ptr board, std::shared_ptr<const item_desk> desk,
                           model_set_ptr models)
    : running_(running), board_(std::move(board)), desk_(std::move(desk)), file_(board_->state().rules->file),
      models_(std::move(models)) {
  log_taken(*board_->state().rules);
  // Without a stamp, the file is read once more: it may have changed since it was read.
  thread_ = std::thread([this] { watch(); });
}

rules_keeper::~rules_keeper() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void rules_keeper::watch() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait_for(lock, look_interval, [this] { return is_over_ || is_asked_; });
    if (is_over_)
      return;
    const auto stamp = stamp_of(file_);
    const bool is_new = stamp && stamp != stamp_ && stamp->at_rest(rest);
    if (std::exchange(is_asked_, false) || is_new || (!stamp && stamp_)) // or it is gone
      take(stamp);
  }
}

/// Reads the file for the models in force. Called with the lock.
void rules_keeper::take(const std::optional<file_stamp>& stamp) {
  stamp_ = stamp;
  auto rules = read_for(file_, *desk_->with_attributes(models_));
  if (!rules)
    return refuse(rules.error());
  if ((*rules)->digest == board_->state().rules->digest && board_->state().fault.empty())
    return;
  log_taken(**rules);
  running_.reload(std::move(*rules));
}

void rules_keeper::reread() {
  {
    const std::lock_guard lock(mutex_);
    is_asked_ = true;
  }
  changed_.notify_one();
}

void rules_keeper::refuse(const error& why) {
  running_.refused_rules(why.message);
  log_event(log_level::error, component, "rules refused, the old ones stay", {{"reason", why.message}});
}

void rules_keeper::serve(const model_set_ptr& models, const model_trials_ptr& trials) {
  const std::lock_guard lock(mutex_);
  models_ = models;
  stamp_ = stamp_of(file_);
  auto rules = read_for(file_, *desk_->as_adopted(models));
  if (!rules) {
    refuse(rules.error());
    return running_.reload(models, nullptr, trials);
  }
  log_taken(**rules);
  running_.reload(models, std::move(*rules), trials);
}

} // namespace winnow
