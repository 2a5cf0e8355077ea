#pragma once

#include "models/rules/shop_rules.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace winnow {

/// Which rules are in force, and what became of the last reading of their file. Callable from any thread.
class rules_board {
public:
  using clock = std::chrono::system_clock;

  struct report {
    shop_rules_ptr rules; ///< Null before the first reading.
    std::string fault;    ///< Why the last reading was refused; empty if it was not.
    clock::time_point read_at;
    /// The rules that are not applied, because they do not fit the items: the path of each, and why.
    std::vector<std::string> left_out;
  };

  /// A reading was taken, and its rules are in force.
  void taken(shop_rules_ptr rules) {
    const std::lock_guard lock(mutex_);
    report_ = {std::move(rules), {}, clock::now(), {}};
  }

  /// A reading was refused; the rules before it stay.
  void refused(std::string fault) {
    const std::lock_guard lock(mutex_);
    report_.fault = std::move(fault);
    report_.read_at = clock::now();
  }

  /// Which rules do not fit the items as they are now. Called by the recommender alone.
  void left_out(std::vector<std::string> misfits) {
    const std::lock_guard lock(mutex_);
    report_.left_out = std::move(misfits);
  }

  report state() const {
    const std::lock_guard lock(mutex_);
    return report_;
  }

private:
  mutable std::mutex mutex_;
  report report_;
};

using rules_board_ptr = std::shared_ptr<rules_board>; ///< Null without a file of rules.

} // namespace winnow
