#pragma once

#include "actors/messages.hpp"

#include <memory>
#include <utility>

namespace winnow {

/// A request for the list of a profile: without a timestamp, of the user's newest one. The caller adds the
/// deadline, and what else is asked.
inline std::shared_ptr<recommendation_request> request_for(profile_key of) {
  auto request = std::make_shared<recommendation_request>();
  request->user_id = std::move(of.user_id);
  request->timestamp = std::move(of.timestamp);
  return request;
}

} // namespace winnow
