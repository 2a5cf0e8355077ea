#include "actors/rest/batch_turns.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

// The average is over about this many lists. They end in bunches, as the stages compute them together.
constexpr int averaged = 128;

} // namespace

batch_turns::clock::duration batch_turns::expected_wait(std::size_t lists) const {
  const auto ahead = waiting_lists() + computed_;
  return ahead > 0 ? usual_ * static_cast<int>(ahead + lists) : clock::duration::zero();
}

std::size_t batch_turns::waiting_lists() const {
  std::size_t lists = 0;
  for (const auto& one : waiting_)
    lists += one.work.lists - one.next;
  return lists;
}

std::uint64_t batch_turns::add(batch added, clock::time_point now) {
  if (computed_ == 0)
    since_ = now;
  waiting_.push_back({++last_ticket_, std::move(added), 0});
  run();
  return last_ticket_;
}

void batch_turns::done(clock::time_point now) {
  measure(now);
  if (--computed_ <= around_.most / 2)
    run();
}

void batch_turns::measure(clock::time_point now) {
  measured_ = std::min(measured_ + 1, averaged);
  usual_ += (now - since_ - usual_) / measured_;
  since_ = now;
}

void batch_turns::expire(std::uint64_t ticket) {
  if (const auto late = take_out(ticket))
    for (auto list = late->next; list < late->work.lists; ++list)
      late->work.drop(list);
}

std::optional<batch_turns::waiting_batch> batch_turns::take_out(std::uint64_t ticket) {
  const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                  [ticket](const waiting_batch& one) { return one.ticket == ticket; });
  if (found == waiting_.end())
    return std::nullopt;
  auto taken = std::move(*found);
  waiting_.erase(found);
  return taken;
}

void batch_turns::again() {
  called_ = false;
  run();
}

void batch_turns::run() {
  if (std::exchange(running_, true)) // a list may be answered as it is started
    return;
  while (!waiting_.empty() && computed_ < around_.most && start_part())
    ;
  running_ = false;
  if (!waiting_.empty() && computed_ == 0 && !std::exchange(called_, true))
    around_.later();
}

/// Starts some lists of the batch whose turn it is; then it is that of the next one. Returns whether any was
/// let in.
bool batch_turns::start_part() {
  const auto& next = waiting_.front();
  const auto part = std::max<std::size_t>(around_.most / 2, 1);
  const auto wanted = std::min({part, around_.most - computed_, next.work.lists - next.next});
  const auto entering = around_.enter(wanted);
  if (entering == 0)
    return false;
  auto turn = std::move(waiting_.front());
  waiting_.pop_front();
  const auto first = turn.next;
  turn.next += entering;
  computed_ += entering;
  const auto start = turn.work.start;
  if (turn.next < turn.work.lists)
    waiting_.push_back(std::move(turn));
  for (std::size_t i = 0; i < entering; ++i)
    start(first + i);
  return true;
}

} // namespace winnow
