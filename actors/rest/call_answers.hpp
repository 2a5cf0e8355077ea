#pragma once

#include "actors/http_messages.hpp"
#include "http/message.hpp"

#include <memory>
#include <string>
#include <utility>

/// Responders for the parts of an answer that is computed.
namespace winnow {

/// Adds to answers what the client said about the request.
inline std::shared_ptr<const http::responder> with_context(std::shared_ptr<const http::responder> answer,
                                                           std::string context) {
  return std::make_shared<const http::responder>(
      [answer = std::move(answer), context = std::move(context)](http::response given) {
        given.context = context;
        (*answer)(std::move(given));
      });
}

/// The responder of a call, which keeps the call.
inline std::shared_ptr<const http::responder> answer_of(const http_call_ptr& call) {
  return {call, &call->answer};
}

} // namespace winnow
