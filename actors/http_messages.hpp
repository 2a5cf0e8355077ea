#pragma once

#include "actors/messages.hpp"
#include "http/message.hpp"

#include <utility>

/// Requests on their way to the actors that answer them.
namespace winnow {

/// A request on its way from an I/O thread to the actor that answers it. If it is destroyed unanswered, for
/// example because that actor died, the destructor answers 503.
struct http_call {
  enum class kind {
    recommend,
    read_list,
    read_profile,
    write_profile,
    erase_profile,
    render_metrics,
    render_metrics_json,
    similar_items,
    recommend_many,
    rank,
    describe_item,
    popular_items,
    write_item,
    reset_item,
    erase_user
  };

  /// @param traced May be null.
  http_call(kind which, http::request request, http::responder responder, request_trace_ptr traced = nullptr)
      : what(which), asked(std::move(request)), answer(std::move(responder)), trace(std::move(traced)) {}
  ~http_call();
  http_call(const http_call&) = delete;
  http_call& operator=(const http_call&) = delete;

  const kind what;
  const http::request asked;
  const http::responder answer;  ///< Only the first answer has an effect.
  const request_trace_ptr trace; ///< Null: the request is not traced.
};

/// A request to the admin endpoint that needs other actors.
struct admin_call {
  enum class kind { status, watch, trace, scale, try_rules };
  kind what = kind::status;
  http::request asked;
  http::responder answer;
};

} // namespace winnow
