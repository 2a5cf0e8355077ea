#include "actors/stages/fault_injection.hpp"

#include <stdexcept>

namespace winnow {

std::string_view to_string(injected_fault kind) noexcept {
  switch (kind) {
  case injected_fault::crash:
    return "crash";
  case injected_fault::hang:
    return "hang";
  case injected_fault::slow:
    return "slow";
  case injected_fault::error:
    return "error";
  }
  return "unknown";
}

std::optional<injected_fault> read_injected_fault(std::string_view text) noexcept {
  for (const auto kind :
       {injected_fault::crash, injected_fault::hang, injected_fault::slow, injected_fault::error})
    if (text == to_string(kind))
      return kind;
  return std::nullopt;
}

void fault_injection::inject(const std::string& stage, const order& what) {
  const std::lock_guard lock(mutex_);
  orders_[stage] = what;
}

void fault_injection::clear() {
  const std::lock_guard lock(mutex_);
  orders_.clear();
  ++clearings_;
  cleared_.notify_all();
}

std::optional<fault_injection::order> fault_injection::take(std::string_view stage) {
  const std::lock_guard lock(mutex_);
  const auto found = orders_.find(stage);
  if (found == orders_.end())
    return std::nullopt;
  const order what = found->second;
  if (what.batches == 1)
    orders_.erase(found);
  else if (what.batches > 1)
    --found->second.batches;
  return what;
}

void fault_injection::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  const auto is_cleared = [this, before = clearings_] { return clearings_ != before; };
  if (time.count() > 0)
    cleared_.wait_for(lock, time, is_cleared);
  else
    cleared_.wait(lock, is_cleared);
}

std::optional<error> fault_injection::strike(std::string_view stage) {
  const auto what = take(stage);
  if (!what)
    return std::nullopt;
  switch (what->kind) {
  case injected_fault::crash:
    throw std::runtime_error("injected crash");
  case injected_fault::hang:
  case injected_fault::slow:
    wait(what->time);
    return std::nullopt;
  case injected_fault::error:
    return error{fault::internal, std::string(stage) + ": injected error"};
  }
  return std::nullopt;
}

} // namespace winnow
