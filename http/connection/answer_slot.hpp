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

/// The way onto an I/O thread for those that may outlive it: open while the thread runs. Thread-safe.
class gate {
public:
  /// Runs `task` on the I/O thread; false, and nothing happens, where the gate is closed.
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

/// Where the answer to one request arrives: what a responder's copies share. The session waits for it only
/// after the handler returned, so an answer that is given at once costs no detour through the event loop.
class answer_slot {
public:
  answer_slot(std::shared_ptr<gate> way, std::weak_ptr<session> asker)
      : way_(std::move(way)), asker_(std::move(asker)) {}
  ~answer_slot(); ///< Answers 500 if nobody did.
  answer_slot(const answer_slot&) = delete;
  answer_slot& operator=(const answer_slot&) = delete;

  /// From any thread; only the first call counts.
  void answer(response given);

  /// The session, after the handler returned: the answer if it is there. If not, it will be delivered.
  std::optional<response> take_or_wait();

private:
  enum class stage { in_handler, awaited, answered };

  const std::shared_ptr<gate> way_;
  const std::weak_ptr<session> asker_;
  response given_;
  std::atomic<bool> taken_{false};
  std::atomic<stage> stage_{stage::in_handler};
};

} // namespace winnow::http
