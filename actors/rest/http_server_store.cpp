#include "actors/rest/http_server.hpp"
#include "actors/rest/list_pages.hpp"
#include "actors/rest/rest_answers.hpp"
#include "actors/store/traced_commands.hpp"
#include "http/negotiation.hpp"
#include "models/model_set.hpp"

// What clients ask of the store: profiles and stored lists.

namespace winnow {

namespace {

/// The profile that a path names. As in the store's keys, a timestamp may follow the user id.
profile_key profile_of(const http_call& call) {
  const profile_key as_written{std::string(call.asked.path_parameter("user_id")), {}};
  return parse_profile_key(to_redis_key(as_written)).value_or(as_written);
}

/// The step of a trace in which the store runs a command, of those that clients can ask for.
const char* step_name_of(const store_command& command) {
  if (std::holds_alternative<read_list>(command))
    return "read list";
  if (std::holds_alternative<read_profile>(command))
    return "read profile";
  return std::holds_alternative<write_profile>(command) ? "write profile" : "erase profile";
}

} // namespace

void http_server_state::ask_store(const http_call_ptr& call, store_command command,
                                  const answer_function& answer) {
  const traced_step step(call->trace, step_name_of(command), trace_step::kind::store);
  auto commands = std::make_shared<const std::vector<store_command>>(1, std::move(command));
  run_commands(
      *watch_, neighbours_->gateway, parts_.deadline + answer_grace, std::move(commands), step,
      [call, answer](const store_replies& replies) {
        const auto& reply = replies->front();
        call->answer(reply ? answer(*reply) : store_error_answer(reply.error()));
      },
      [call](const caf::error&) {
        call->answer(http::error_response({fault::unavailable, "the profile store did not answer in time"}));
      });
}

void http_server_state::read_list(const http_call_ptr& call) {
  const auto page = read_list_page(call->asked);
  if (!page)
    return call->answer(http::error_response(page.error()));
  std::string user_id(call->asked.path_parameter("user_id"));
  ask_store(call, winnow::read_list{user_id},
            [user_id, page = *page, models = neighbours_->models](const store_value& stored) {
              const auto* const withheld = models->withheld.get();
              return page ? list_page_answer(user_id, stored, *page, withheld)
                          : stored_list_answer(user_id, stored, withheld);
            });
}

void http_server_state::read_profile(const http_call_ptr& call) {
  std::string user_id(call->asked.path_parameter("user_id"));
  ask_store(call, winnow::read_profile{profile_of(*call), false},
            [user_id](const store_value& stored) { return profile_answer(user_id, stored); });
}

void http_server_state::write_profile(const http_call_ptr& call) {
  if (const auto items = parse_profile(call->asked.body); !items)
    return call->answer(http::error_response(items.error()));
  ask_store(call, winnow::write_profile{profile_of(*call), call->asked.body},
            [](const store_value&) { return http::status_answer("success"); });
}

void http_server_state::erase_profile(const http_call_ptr& call) {
  ask_store(call, winnow::erase_profile{profile_of(*call), true},
            [](const store_value&) { return http::status_answer("success"); });
}

} // namespace winnow
