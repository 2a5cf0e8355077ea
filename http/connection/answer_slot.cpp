#include "http/connection/answer_slot.hpp"

#include "http/connection/session.hpp"

namespace winnow::http {

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
  to_worker_->post([asker = asker_, answered = std::move(given_)]() mutable {
    if (const auto waiting = asker.lock())
      waiting->deliver(std::move(answered));
  });
}

std::optional<response> answer_slot::take_or_wait() {
  stage expected = stage::in_handler;
  if (stage_.compare_exchange_strong(expected, stage::awaited))
    return std::nullopt;
  return std::move(given_);
}

} // namespace winnow::http
