#pragma once

#include "models/availability/item_desk.hpp"
#include "models/files/file_stamp.hpp"
#include "models/model_set.hpp"
#include "tools/winnowd/daemon.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace winnow {

/// Whether all rules fit the items of the models. Takes about a nanosecond per item and condition.
/// @return `malformed`, which names the file and each rule that does not fit.
result<void> fits_items(const shop_rules& rules, const model_set& models);

/// Whether the rules that the file has now, or else those in force, fit models that are to come into force.
/// @param models With the items' attributes that they will have then, see `item_desk::as_adopted`.
result<void> some_rules_fit(const rules_board& board, const model_set& models);

/// Keeps the shop's rules as their file says: reads it whole when it has changed, and takes it whole or not
/// at all. A reading that is refused is logged, counted, and shown by `winnowctl rules`. A file is read once
/// it has been left alone for a moment, so that one that is being written is not taken for a broken one.
class rules_keeper {
public:
  /// Starts its thread.
  /// @param board Has the rules in force. @param desk Knows the items' attributes. @param models In force.
  rules_keeper(daemon& running, rules_board_ptr board, std::shared_ptr<const item_desk> desk,
               model_set_ptr models);
  ~rules_keeper();
  rules_keeper(const rules_keeper&) = delete;
  rules_keeper& operator=(const rules_keeper&) = delete;

  /// Makes the daemon use these models and trials, and with them what the file says now, both at once. If the
  /// file is broken or does not fit the models, the rules in force stay. Any thread.
  void serve(const model_set_ptr& models, const model_trials_ptr& trials);

  /// Reads the file again, whether it has changed or not. Any thread.
  void reread();

private:
  void watch();
  void take(const std::optional<file_stamp>& stamp);
  void refuse(const error& why);

  daemon& running_;
  const rules_board_ptr board_;
  const std::shared_ptr<const item_desk> desk_;
  const std::filesystem::path file_;
  std::mutex mutex_; ///< Guards what follows. Held while the file is read.
  std::condition_variable changed_;
  model_set_ptr models_;            ///< In force.
  std::optional<file_stamp> stamp_; ///< Of the file as last read.
  bool is_asked_ = false;           ///< To read it again.
  bool is_over_ = false;
  std::thread thread_;
};

} // namespace winnow
