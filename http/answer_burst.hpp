#pragma once

#include <vector>

namespace winnow::http {

struct held_answer;

/// Answers that a thread gives while this object lives on it are sent together when it ends. Each of them
/// would otherwise wake the I/O thread, which takes the processor from the thread that gives the next one.
///
/// Lives on one thread. Of several on the same thread, the latest one holds the answers.
class answer_burst {
public:
  answer_burst();
  ~answer_burst(); ///< Sends the answers.
  answer_burst(const answer_burst&) = delete;
  answer_burst& operator=(const answer_burst&) = delete;

private:
  friend class answer_slot;
  static answer_burst*& of_this_thread();

  answer_burst* const outer_;
  std::vector<held_answer> held_;
};

} // namespace winnow::http
