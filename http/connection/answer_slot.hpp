#pragma once

#include "http/message.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <mutex>
#include <optional>

namespace winnow::http {

class session;

/// Posts tasks to an I/O thread on behalf of objects that may outlive it: open while the thread runs.
/// Thread-safe.
class gate {
public:
  /// Runs `task` on the I/O thread. Returns false, and drops the task, if the gate is closed.
  template<class Task>
  bool post(Task&& task) {
    const std::lock_guard lock(mutex_);
    if (context_)
      boost::asio::post(*context_, std::forward<Task>(task));
    return context_ != nullptr;
  }

  void open(boost::asio::io_context& context) {
    const std::lock_guard lock(mutex_);
    context_ = &context;
  }

  void close() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
  }

private:
  std::mutex mutex_;
  boost::asio::io_context* context_ = nullptr;
};

/// Receives the answer to one request; shared by the copies of a responder. The session waits for the answer
/// only after the handler has returned, so an immediate answer costs no detour through the event loop.
class answer_slot {
public:
  answer_slot(std::shared_ptr<gate> to_worker, std::weak_ptr<session> asker)
      : to_worker_(std::move(to_worker)), asker_(std::move(asker)) {}
  ~answer_slot(); ///< Answers 500 if there was no answer.
  answer_slot(const answer_slot&) = delete;
  answer_slot& operator=(const answer_slot&) = delete;

  /// Called from any thread. Only the first call has an effect.
  void answer(response given);

  /// Called by the session after the handler has returned. Returns the answer if there is one; otherwise it
  /// is passed to `session::deliver` later.
  std::optional<response> take_or_wait();

private:
  enum class stage { in_handler, awaited, answered };

  const std::shared_ptr<gate> to_worker_;
  const std::weak_ptr<session> asker_;
  response given_;
  std::atomic<bool> taken_{false};
  std::atomic<stage> stage_{stage::in_handler};
};

} // namespace winnow::http
