#pragma once

#include "actors/messages.hpp"
#include "http/message.hpp"

#include <string_view>

/// The bodies of the REST answers.
namespace winnow {

/// What the answer to POST /recommend holds besides the list.
struct answer_details {
  bool scores = false;  ///< Each item's score at every stage.
  bool because = false; ///< What each item is on the list for.
};

/// The answer to POST /recommend.
http::response recommendation_answer(std::string_view user_id, const recommendation& list,
                                     answer_details details);

/// 202: the work follows.
http::response accepted_answer(bool preferred);

/// The answer to GET /recommendations: the stored list as it is, or 404.
http::response stored_list_answer(std::string_view user_id, const store_value& stored);

/// The answer to GET /profiles.
http::response profile_answer(std::string_view user_id, const store_value& stored);

/// The answer where the pipeline or the store failed. What the store has against the daemon (its credentials,
/// its rights, the database that it asks for) is no fault of the client, nor its business: that is 503.
http::response store_error_answer(const error& failure);

} // namespace winnow
