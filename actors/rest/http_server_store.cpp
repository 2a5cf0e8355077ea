#include "actors/rest/http_server.hpp"
#include "actors/rest/list_pages.hpp"
#include "actors/rest/rest_answers.hpp"
#include "actors/rest/user_key_search.hpp"
#include "actors/store/traced_commands.hpp"
#include "http/negotiation.hpp"
#include "models/model_set.hpp"

#include <algorithm>
#include <utility>

// What clients ask of the store: profiles and stored lists.

namespace winnow {

namespace {

profile_key profile_of(const http_call& call) {
  return named_profile(call.asked.path_parameter("user_id"));
}

bool contains(const std::vector<profile_key>& profiles, const profile_key& wanted) {
  return std::find(profiles.begin(), profiles.end(), wanted) != profiles.end();
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
  run_in_store(call, {std::move(command)},
               [call, answer](const store_value& value) { call->answer(answer(value)); });
}

void http_server_state::run_in_store(const http_call_ptr& call, std::vector<store_command> commands,
                                     value_taker take) {
  const traced_step step(call->trace, step_name_of(commands.front()), trace_step::kind::store);
  run_commands(
      *watch_, neighbours_->gateway, parts_.deadline + answer_grace,
      std::make_shared<const std::vector<store_command>>(std::move(commands)), step,
      [call, take = std::move(take)](const store_replies& replies) {
        const auto failed =
            std::find_if(replies->begin(), replies->end(), [](const store_reply& reply) { return !reply; });
        const auto& reply = failed != replies->end() ? *failed : replies->front();
        if (!reply)
          return call->answer(store_error_answer(reply.error()));
        take(*reply);
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
  auto of = profile_of(*call);
  ask_store(call, winnow::read_list{std::move(of.user_id), std::move(of.timestamp)},
            [user_id, page = *page, models = neighbours_->models](const store_value& stored) {
              const auto* const withheld = models->withheld.get();
              return page ? list_page_answer(user_id, stored, *page, withheld)
                          : stored_list_answer(user_id, stored, withheld);
            });
}

void http_server_state::read_profile(const http_call_ptr& call) {
  auto key = profile_of(*call);
  const bool of_any_time = key.timestamp.empty();
  if (of_any_time)
    key = parts_.directory->newest(key.user_id);
  run_in_store(call, {winnow::read_profile{std::move(key), false}},
               [this, call, of_any_time](const store_value& stored) {
                 if (!stored.value && of_any_time)
                   return find_newest_profile(call);
                 call->answer(profile_answer(call->asked.path_parameter("user_id"), stored));
               });
}

/// The directory learns of a profile a moment after it was written or removed. Until then, the keys tell.
void http_server_state::find_newest_profile(const http_call_ptr& call) {
  find_profiles(call, [this, call](const std::vector<std::string>& timestamps) {
    std::string user_id(call->asked.path_parameter("user_id"));
    profile_key newest{user_id, {}};
    for (const auto& timestamp : timestamps)
      if (const profile_key other{user_id, timestamp}; is_newer(other, newest))
        newest = other;
    ask_store(call, winnow::read_profile{std::move(newest), false},
              [user_id](const store_value& stored) { return profile_answer(user_id, stored); });
  });
}

void http_server_state::find_profiles(const http_call_ptr& call, key_taker take) {
  auto found = [call, take = std::move(take)](const std::vector<std::string>& timestamps,
                                              const std::optional<error>& failure) {
    if (failure)
      return call->answer(store_error_answer(*failure));
    take(timestamps);
  };
  std::make_shared<user_key_search>(watch_, neighbours_, profile_of(*call).user_id, key_family::profiles,
                                    std::move(found))
      ->run();
}

void http_server_state::write_profile(const http_call_ptr& call) {
  if (const auto items = parse_profile(call->asked.body); !items)
    return call->answer(http::error_response(items.error()));
  auto key = profile_of(*call);
  ask_store(call, winnow::write_profile{key, call->asked.body}, [this, key](const store_value&) {
    parts_.directory->written(key); // the announcement may come after the client's next request
    return http::status_answer("success");
  });
}

void http_server_state::erase_profile(const http_call_ptr& call) {
  const auto named = profile_of(*call);
  if (named.timestamp.empty())
    return erase_profiles_of(call, named.user_id);
  run_in_store(call, removal_of({named}, false),
               [call](const store_value&) { call->answer(http::status_answer("success")); });
}

void http_server_state::erase_profiles_of(const http_call_ptr& call, const std::string& user_id) {
  const auto before = parts_.directory->newest(user_id);
  find_profiles(call, [this, call, user_id, before](const std::vector<std::string>& timestamps) {
    std::vector<profile_key> profiles{{user_id, {}}};
    for (const auto& timestamp : timestamps)
      if (!timestamp.empty())
        profiles.push_back({user_id, timestamp});
    // What was written since the keys were listed stays, and with it the list.
    const auto newest = parts_.directory->newest(user_id);
    const bool are_all =
        parts_.directory->all_erased(user_id) || newest == before || contains(profiles, newest);
    run_in_store(call, removal_of(profiles, are_all), [this, call, user_id, are_all](const store_value&) {
      if (are_all)
        parts_.directory->erased(user_id);
      call->answer(http::status_answer("success"));
    });
  });
}

/// Profiles go first: a list that is being computed is not stored once its profile is gone.
/// @param with_list Whether the user's list goes, too, and not only those of the profiles' times.
std::vector<store_command> http_server_state::removal_of(const std::vector<profile_key>& profiles,
                                                         bool with_list) const {
  std::vector<store_command> commands;
  commands.reserve(2 * profiles.size());
  for (const auto& key : profiles)
    commands.emplace_back(winnow::erase_profile{key, &key == &profiles.front()});
  if (!parts_.keep_lists)
    for (const auto& key : profiles)
      if (with_list || !key.timestamp.empty())
        commands.emplace_back(winnow::erase_list{key, key.timestamp.empty(), true});
  return commands;
}

} // namespace winnow
