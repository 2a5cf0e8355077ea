#include "http/connection/answer_slot.hpp"

#include "http/answer_burst.hpp"
#include "http/connection/session.hpp"

#include <algorithm>
#include <utility>

namespace winnow::http {

/// An answer on its way to the session that waits for it.
struct held_answer {
  std::shared_ptr<gate> to_worker;
  std::weak_ptr<session> asker;
  response given;

  /// Called on the I/O thread.
  void deliver() {
    if (const auto waiting = asker.lock())
      waiting->deliver(std::move(given));
  }
};

answer_burst*& answer_burst::of_this_thread() {
  thread_local answer_burst* latest = nullptr;
  return latest;
}

answer_burst::answer_burst() : outer_(std::exchange(of_this_thread(), this)) {}

answer_burst::~answer_burst() {
  of_this_thread() = outer_;
  while (!held_.empty()) {
    const auto worker = held_.back().to_worker;
    const auto others = std::stable_partition(
        held_.begin(), held_.end(), [&](const held_answer& one) { return one.to_worker != worker; });
    worker->post([mine = std::vector<held_answer>(std::make_move_iterator(others),
                                                  std::make_move_iterator(held_.end()))]() mutable {
      for (auto& one : mine)
        one.deliver();
    });
    held_.erase(others, held_.end());
  }
}

answer_slot::~answer_slot() {
  if (!taken_)
    answer(json_error(500, "the request was dropped without an answer"));
}

void answer_slot::answer(response given) {
  if (taken_.exchange(true))
    return;
  given_ = std::move(given);
  if (stage_.exchange(stage::answered) == stage::in_handler)
    return;
  // The session is locked on its own thread: a last reference on this thread would close the socket here.
  held_answer ready{to_worker_, asker_, std::move(given_)};
  if (auto* const burst = answer_burst::of_this_thread())
    burst->held_.push_back(std::move(ready));
  else
    to_worker_->post([ready = std::move(ready)]() mutable { ready.deliver(); });
}

std::optional<response> answer_slot::take_or_wait() {
  stage expected = stage::in_handler;
  if (stage_.compare_exchange_strong(expected, stage::awaited))
    return std::nullopt;
  return std::move(given_);
}

} // namespace winnow::http
