#pragma once

#include "actors/messages.hpp"
#include "config/error.hpp"
#include "http/message.hpp"
#include "models/asking/list_query.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What clients ask of lists, as it is in their requests.
namespace winnow {

/// A list for one user or session.
struct asked_list {
  std::optional<std::string> user_id;      ///< nullopt: a session without a user.
  std::shared_ptr<const list_query> query; ///< Null: the plain list.
};

/// Whether a request has a body that asks for something. Other bodies are not for this service: clients of
/// the service that Winnow replaces may send any, and it ignored them. `null` is what some clients send for
/// no body.
bool has_query(const http::request& asked);

/// Reads POST /recommend/{user_id} or /rank/{user_id}. Parameters of the query (`scores`, `explain`) hold
/// unless the body says otherwise.
result<asked_list> read_asked_list(const http::request& asked, query_form form);

/// One entry of a batch: a list, or why it cannot be computed.
using batch_entry = result<asked_list>;

/// Reads POST /recommend: `{"users": ["a", {"user_id": "b", "limit": 5}, {"history": […]}], …defaults}`, or a
/// session, `{"history": […], …}`, which is a batch of one that `is_session`.
struct asked_batch {
  std::vector<batch_entry> entries;
  bool is_session = false;
  std::string context; ///< Of the whole request, see `list_query::context`.

  static constexpr std::size_t most = 200;
};
result<asked_batch> read_asked_batch(const http::request& asked);

} // namespace winnow
