#include "http/connection/client_places.hpp"

namespace winnow::http {

client_places::place client_places::take(const std::string& client) {
  const std::lock_guard lock(mutex_);
  std::size_t& held = held_[client];
  if (held >= most_)
    return {};
  ++held;
  return {*this, client};
}

void client_places::place::leave() noexcept {
  if (owner_ == nullptr)
    return;
  const std::lock_guard lock(owner_->mutex_);
  const auto found = owner_->held_.find(client_);
  if (--found->second == 0)
    owner_->held_.erase(found);
  owner_ = nullptr;
}

} // namespace winnow::http
