#pragma once

#include "actors/http_messages.hpp"
#include "actors/rest/list_asking.hpp"
#include "http/message.hpp"
#include "models/availability/item_state.hpp"

#include <string_view>

/// The bodies of the REST answers.
namespace winnow {

/// The answer to POST /recommend/{user_id}, /rank/{user_id} or a session.
http::response recommendation_answer(const asked_list& asked, const recommendation& list);

/// The answer to a batch: the status and the body of each entry, in order.
http::response batch_answer(const std::vector<http::response>& entries);

/// The answer to GET /items/{item_id}.
http::response item_answer(std::string_view item_id, const model_set& models, std::uint32_t item);

/// The answer to GET /popular. @param items With their counts.
http::response popular_answer(const model_set& models, const std::vector<scored_item>& items);

/// 202: the list is computed afterwards. `preferred`: the client asked for this with a Prefer header.
http::response accepted_answer(bool preferred);

/// The answer to GET /recommendations: the stored list, or 404. The list is unchanged unless it has items
/// that are withheld now: these are left out.
/// @param withheld Null: none are.
http::response stored_list_answer(std::string_view user_id, const store_value& stored,
                                  const withheld_items* withheld);

/// The answer to PUT and DELETE /items/{item_id}.
http::response item_state_answer(const item_state& state);

/// What was erased about a user.
struct erased_user {
  std::string user_id;
  std::size_t profiles = 0, results = 0;
  bool list = false, events = false;
  std::uint64_t learned = 0;          ///< Records of what was learned.
  std::vector<std::string> remaining; ///< What still names the user.
};

/// The answer to DELETE /users/{user_id}.
http::response erased_user_answer(const erased_user& erased);

/// The answer to GET /profiles.
http::response profile_answer(std::string_view user_id, const store_value& stored);

/// The answer to GET /items/{item_id}/similar: the first `limit` of the similar items.
http::response similar_items_answer(std::string_view item_id, const model_set& models,
                                    const ranked_list& similar, std::size_t limit);

/// The answer if the pipeline or the store failed. If the store rejects the daemon (its credentials,
/// permissions or database), the client is not at fault and gets 503 without details.
http::response store_error_answer(const error& failure);

} // namespace winnow
