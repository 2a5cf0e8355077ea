#include "actors/rest/list_asking.hpp"

#include "config/text/trimmed.hpp"
#include "http/negotiation.hpp"
#include "models/attributes/json_member.hpp"

namespace winnow {

namespace {

using nlohmann::json;

/// The parameters of the query that also exist as members of a body.
result<list_query> query_parameters(const http::request& asked) {
  list_query query;
  const auto scores = http::bool_parameter(asked, "scores", false);
  const auto explain = http::bool_parameter(asked, "explain", false);
  for (const auto* parameter : {&scores, &explain})
    if (!*parameter)
      return tl::unexpected(parameter->error());
  query.scores = *scores;
  query.explain = *explain;
  query.placement = std::string(asked.query_parameter("placement").value_or(""));
  return query;
}

/// Refuses `wait=false` for lists that are not stored. A preference (`Prefer`) may be passed over instead.
result<void> check_awaited(const http::request& asked) {
  const auto wait = http::bool_parameter(asked, "wait", true);
  if (!wait)
    return tl::unexpected(wait.error());
  if (!*wait)
    return fail(fault::invalid_argument, "wait: only POST /recommend/{user_id} computes a list later");
  return {};
}

/// Takes a text out of an object; nullopt if it is not there.
result<std::optional<std::string>> take_user(json& from) {
  const auto user = from.find("user_id");
  if (user == from.end())
    return std::nullopt;
  if (!user->is_string() || user->get_ref<const std::string&>().empty())
    return fail(fault::malformed, "user_id: expected a text, got " + shown_json(*user));
  auto text = user->get<std::string>();
  from.erase(user);
  return text;
}

/// Takes the user out of a body if it is the one of the path, which many clients also write there.
result<void> take_same_user(json& body, const std::string& user_id) {
  if (!body.is_object())
    return {};
  const auto user = take_user(body);
  if (!user)
    return tl::unexpected(user.error());
  if (*user && **user != user_id)
    return fail(fault::malformed,
                "user_id: expected that of the path, or none, got " + shown_json(json(**user)));
  return {};
}

result<asked_list> read_entry(json from, const list_query& defaults) {
  if (from.is_string())
    from = json{{"user_id", from}};
  if (!from.is_object())
    return fail(fault::malformed, "users: expected user ids and objects, got " + shown_json(from));
  auto user = take_user(from);
  if (!user)
    return tl::unexpected(user.error());
  auto query = parse_list_query(from, query_form::list, defaults);
  if (!query)
    return tl::unexpected(query.error());
  if (!*user && !query->history)
    return fail(fault::malformed, "users: expected a user_id or a history, got neither");
  return asked_list{std::move(*user), std::make_shared<const list_query>(std::move(*query))};
}

} // namespace

bool has_query(const http::request& asked) {
  const auto body = trimmed(asked.body, " \t\r\n");
  return !body.empty() && body != "null" && (body.front() == '{' || http::is_json(asked.content_type));
}

result<asked_list> read_asked_list(const http::request& asked, query_form form) {
  auto parameters = query_parameters(asked);
  if (!parameters)
    return tl::unexpected(parameters.error());
  if (form == query_form::rank)
    if (const auto awaited = check_awaited(asked); !awaited)
      return tl::unexpected(awaited.error());
  asked_list list{std::string(asked.path_parameter("user_id")), nullptr};
  if (!has_query(asked) && form == query_form::list) {
    list.query = std::make_shared<const list_query>(std::move(*parameters));
    return list;
  }
  auto body = parse_body(asked.body);
  if (!body)
    return tl::unexpected(body.error());
  if (const auto same = take_same_user(*body, *list.user_id); !same)
    return tl::unexpected(same.error());
  auto query = parse_list_query(*body, form, std::move(*parameters));
  if (!query)
    return tl::unexpected(query.error());
  list.query = std::make_shared<const list_query>(std::move(*query));
  return list;
}

result<asked_batch> read_asked_batch(const http::request& asked) {
  auto parameters = query_parameters(asked);
  if (!parameters)
    return tl::unexpected(parameters.error());
  if (const auto awaited = check_awaited(asked); !awaited)
    return tl::unexpected(awaited.error());
  auto body = parse_body(asked.body);
  if (!body)
    return tl::unexpected(body.error());
  if (!body->is_object())
    return fail(fault::malformed, "body: expected an object with users or a history");
  asked_batch batch;
  const auto users = body->find("users");
  batch.is_session = users == body->end();
  if (batch.is_session) {
    auto session = read_entry(*body, *parameters);
    if (!session)
      return tl::unexpected(session.error());
    batch.entries.emplace_back(std::move(*session));
    return batch;
  }
  const json list = std::move(*users);
  body->erase(users);
  if (!list.is_array() || list.empty() || list.size() > asked_batch::most)
    return fail(fault::malformed, "users: expected an array of 1 to " + std::to_string(asked_batch::most) +
                                      " users, got " +
                                      (list.is_array() ? std::to_string(list.size()) : list.type_name()));
  const auto defaults = parse_list_query(*body, query_form::list, std::move(*parameters));
  if (!defaults)
    return tl::unexpected(defaults.error());
  batch.context = defaults->context;
  for (const auto& entry : list)
    batch.entries.push_back(read_entry(entry, *defaults));
  return batch;
}

} // namespace winnow
