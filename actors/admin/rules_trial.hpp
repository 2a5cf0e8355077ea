#pragma once

#include "actors/admin/admin_server_self.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <memory>

namespace winnow {

/// Computes a user's list with and without the shop's rules, and answers which rule moved which item. Stores
/// nothing. Lives as long as a list is pending. Runs only on the admin server's thread.
class rules_trial : public std::enable_shared_from_this<rules_trial> {
public:
  /// @param limit For each of the two lists.
  rules_trial(admin_server_self::pointer self, std::chrono::milliseconds limit, neighbours_ptr neighbours,
              admin_call_ptr call)
      : self_(self), limit_(limit), neighbours_(std::move(neighbours)), call_(std::move(call)) {}

  /// Starts the trial, which answers the call when it is done.
  void run();

private:
  using trial = recommendation_request::trial;

  void ask(trial how, void (rules_trial::*next)(const recommendation_reply&));
  void take_with(const recommendation_reply& list);
  void take_without(const recommendation_reply& list);

  admin_server_self::pointer self_;
  std::chrono::milliseconds limit_;
  neighbours_ptr neighbours_;
  admin_call_ptr call_;
  std::string placement_;
  recommendation_reply with_;
};

} // namespace winnow
