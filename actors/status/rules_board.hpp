#pragma once

#include "models/rules/shop_rules.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace winnow {

/// Which rules are in force, and what became of the last reading of their file. Callable from any thread.
class rules_board {
public:
  using clock = std::chrono::system_clock;

  struct report {
    shop_rules_ptr rules; ///< Null before the first reading.
    std::string fault;    ///< Why the last reading was refused; empty if it was not.
    clock::time_point read_at;
  };

  /// A reading was taken, and its rules are in force.
  void taken(shop_rules_ptr rules) { become({std::move(rules), {}, clock::now()}); }

  /// A reading was refused; the rules before it stay.
  void refused(std::string fault) { become({state().rules, std::move(fault), clock::now()}); }

  report state() const {
    const std::lock_guard lock(mutex_);
    return report_;
  }

private:
  void become(report next) {
    const std::lock_guard lock(mutex_);
    report_ = std::move(next);
  }

  mutable std::mutex mutex_;
  report report_;
};

using rules_board_ptr = std::shared_ptr<rules_board>; ///< Null without a file of rules.

} // namespace winnow
