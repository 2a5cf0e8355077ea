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

/// A fault to inject into a stage, to test that the rest of the daemon copes with it.
enum class injected_fault {
  crash, ///< The worker throws.
  hang,  ///< The worker returns only after the order's time or when the faults are cleared.
  slow,  ///< The worker takes longer by the order's time.
  error, ///< The worker answers every task of the batch with an error.
};

std::string_view to_string(injected_fault kind) noexcept;
std::optional<injected_fault> read_injected_fault(std::string_view text) noexcept;

/// Faults ordered by an operator. Exists only if the daemon was started with fault injection allowed. Workers
/// check it before each batch. Thread-safe.
class fault_injection {
public:
  struct order {
    injected_fault kind = injected_fault::error;
    std::uint64_t batches = 1;        ///< How many batches it affects; 0 for all until cleared.
    std::chrono::milliseconds time{}; ///< How long `slow` and `hang` take; 0 means until cleared.
  };

  /// Orders a fault for a stage. Replaces an earlier order for that stage.
  void inject(const std::string& stage, const order& what);

  /// Drops all orders and releases the workers that hang.
  void clear();

  /// Carries out the order for `stage`, if there is one. Called by the stage's workers, on their threads.
  /// @return The error with which to answer the batch, or nullopt to compute it.
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
