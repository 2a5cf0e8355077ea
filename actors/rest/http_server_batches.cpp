#include "actors/rest/call_answers.hpp"
#include "actors/rest/http_server.hpp"
#include "actors/rest/rest_answers.hpp"

#include <utility>

// Requests for many lists, and for that of a session.

namespace winnow {

namespace {

// When a batch for which there was no room tries again.
constexpr std::chrono::milliseconds batch_rest{5};

} // namespace

/// The answers of a batch so far.
struct http_server_state::gathered_batch {
  gathered_batch(asked_batch given, call_answer to)
      : asked(std::move(given)), answer(std::move(to)), answers(asked.entries.size()),
        left(asked.entries.size()) {
    for (std::size_t i = 0; i < asked.entries.size(); ++i)
      if (asked.entries[i])
        valid.push_back(i);
  }

  /// The last answer completes that of the batch.
  void take(std::size_t entry, http::response one) {
    answers[entry] = std::move(one);
    if (--left == 0)
      (*answer)(batch_answer(answers));
  }

  asked_batch asked;
  const call_answer answer;
  std::vector<http::response> answers;
  std::size_t left;                                  ///< Entries without an answer.
  std::vector<std::size_t> valid;                    ///< Entries that can be computed.
  bool started = false;                              ///< Some are.
  deadline_watch<http_server_self>::ticket deadline; ///< Of those that wait for their turn.
};

batch_turns::environment http_server_state::turns_environment() {
  return {parts_.front->most_batched(),
          [this](std::size_t wanted) { return parts_.front->enter_some(wanted); },
          [this] { watch_->expect(batch_rest, [this] { turns_->again(); }); }};
}

void http_server_state::recommend_many(const http_call_ptr& call) {
  auto batch = read_asked_batch(call->asked);
  if (!batch)
    return call->answer(http::error_response(batch.error()));
  if (batch->is_session)
    return serve_session(call, std::move(*batch->entries.front()));
  serve_batch(call, std::move(*batch));
}

/// The list of a session costs what a user's does, and is admitted like it.
void http_server_state::serve_session(const http_call_ptr& call, asked_list asked) {
  if (const auto why = parts_.front->enter())
    return call->answer(http::error_response(*why));
  auto answer = std::make_shared<const http::responder>(
      [call, place = parts_.front->place()](http::response given) { call->answer(std::move(given)); });
  compute(call, std::move(asked), true, std::move(answer), call->asked.received);
}

void http_server_state::serve_batch(const http_call_ptr& call, asked_batch asked) {
  auto answer = asked.context.empty() ? answer_of(call) : with_context(answer_of(call), asked.context);
  const auto all = std::make_shared<gathered_batch>(std::move(asked), std::move(answer));
  const auto time_left = std::chrono::ceil<std::chrono::milliseconds>(call->asked.received + parts_.deadline -
                                                                      steady_clock::now());
  if (turns_->expected_wait(all->valid.size()) > time_left)
    return refuse_batch(*all, {fault::overloaded, "too many requests for many lists are waiting"});
  for (std::size_t entry = 0; entry < all->answers.size(); ++entry)
    if (const auto& one = all->asked.entries[entry]; !one)
      all->take(entry, http::error_response(one.error()));
  if (all->valid.empty())
    return;
  const auto ticket = turns_->add(
      {all->valid.size(), [this, call, all](std::size_t list) { start_list(call, all, all->valid[list]); },
       [this, all](std::size_t list) { drop_list(*all, all->valid[list]); }},
      steady_clock::now());
  all->deadline = watch_->expect(time_left, [this, all, ticket] {
    if (all->started)
      turns_->expire(ticket);
    else if (turns_->forget(ticket))
      refuse_batch(*all, {fault::overloaded, "there was no time for any of the lists"});
  });
}

void http_server_state::refuse_batch(const gathered_batch& all, error why) {
  (*all.answer)(http::error_response(parts_.front->refused(std::move(why))));
}

void http_server_state::start_list(const http_call_ptr& call, const std::shared_ptr<gathered_batch>& all,
                                   std::size_t entry) {
  all->started = true;
  auto take = [this, all, entry, place = parts_.front->place()](http::response one) {
    all->take(entry, std::move(one));
    if (all->left == 0)
      watch_->settle(all->deadline);
    turns_->done(steady_clock::now());
  };
  compute(call, std::move(*all->asked.entries[entry]), true,
          std::make_shared<const http::responder>(std::move(take)), steady_clock::now());
}

void http_server_state::drop_list(gathered_batch& all, std::size_t entry) {
  all.take(entry, http::error_response(
                      parts_.front->refused({fault::overloaded, "there was no turn before the deadline"})));
}

} // namespace winnow
