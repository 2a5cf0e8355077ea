#pragma once

#include "config/error.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// What may be made to go wrong in a stage, to see that the rest holds.
enum class injected_fault {
  crash, ///< The worker throws.
  hang,  ///< The worker does not return before its time is up or the fault is cleared.
  slow,  ///< The worker takes longer.
  error, ///< The worker answers every task of the batch with an error.
};

std::string_view to_string(injected_fault kind) noexcept;
std::optional<injected_fault> read_injected_fault(std::string_view text) noexcept;

/// Faults that an operator ordered. Exists only where the daemon was started to allow it; workers look here
/// before each batch. Thread-safe.
class fault_injection {
public:
  struct order {
    injected_fault kind = injected_fault::error;
    std::uint64_t batches = 1;        ///< How many batches it strikes; 0: all, until it is cleared.
    std::chrono::milliseconds time{}; ///< How long `slow` and `hang` take; a `hang` of 0 ends when cleared.
  };

  /// From now on; takes the place of an earlier order for the stage.
  void inject(const std::string& stage, const order& what);

  /// Nothing goes wrong any more, and what hangs goes on.
  void clear();

  /// Called by a stage's worker, on its thread: does what was ordered.
  /// @return What to answer the batch with, where that is the order.
  std::optional<error> strike(std::string_view stage);

private:
  std::optional<order> take(std::string_view stage);
  void wait(std::chrono::milliseconds time);

  std::mutex mutex_;
  std::condition_variable cleared_;
  std::uint64_t clearings_ = 0;
  std::map<std::string, order, std::less<>> orders_; ///< By stage.
};

} // namespace winnow
