#include "tools/winnow-bookshop/live/explained_list.hpp"

#include "config/text/percent_encoding.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::json;

/// Sends a request and parses the answer. A 404 is `not_found`.
result<json> answer_of(service_client& service, const std::string& method, const std::string& target,
                       const std::string& request = {}) {
  const auto answer = service.ask(method, target, request);
  if (!answer)
    return tl::unexpected<error>(answer.error());
  if (answer->status == 404)
    return fail(fault::not_found, service.address() + target + ": not found");
  if (answer->status != 200)
    return refused(service, method + " " + target, *answer);
  auto body = json::parse(answer->body, nullptr, false);
  if (!body.is_object())
    return fail(fault::malformed, service.address() + target + ": expected a JSON object");
  return body;
}

bool has(const json& sources, const char* name) {
  return std::find(sources.begin(), sources.end(), name) != sources.end();
}

explained_list list_of(const json& body) {
  explained_list list;
  list.popular = body.value("source", "") == "popular";
  list.degraded = body.value("degraded", std::vector<std::string>());
  for (const auto& id : body.at("recommendations"))
    list.items.emplace_back().id = id.get<std::string>();
  const auto because = body.value("because", json::array());
  for (std::size_t at = 0; at < std::min(because.size(), list.items.size()); ++at) {
    list.items[at].because = because[at].value("history_item", "");
    list.items[at].weight = because[at].value("weight", 0.0);
  }
  const auto scores = body.value("scores", json::array());
  for (std::size_t at = 0; at < std::min(scores.size(), list.items.size()); ++at) {
    const auto sources = scores[at].value("sources", json::array());
    list.items[at].often_next = has(sources, "transitions");
    list.items[at].by_taste = has(sources, "lightgcn");
    list.items[at].adopted = scores[at].value("adopted", false);
  }
  return list;
}

} // namespace

result<explained_list> compute_list(service_client& service, const std::string& reader,
                                    const std::optional<std::vector<std::string>>& history) {
  const auto target = "/recommend/" + percent_encode(reader) + "?explain=true&scores=true";
  const auto body =
      answer_of(service, "POST", target, history ? json{{"history", *history}}.dump() : std::string());
  if (!body)
    return tl::unexpected<error>(body.error());
  try {
    return list_of(*body);
  } catch (const json::exception& failed) {
    return fail(fault::malformed, service.address() + target + ": " + failed.what());
  }
}

result<std::vector<similar_item>> similar_books(service_client& service, const std::string& book,
                                                std::size_t limit) {
  const auto target = "/items/" + percent_encode(book) + "/similar?limit=" + std::to_string(limit);
  const auto body = answer_of(service, "GET", target);
  std::vector<similar_item> found;
  if (!body && body.error().cause == fault::not_found)
    return found;
  if (!body)
    return tl::unexpected<error>(body.error());
  try {
    for (const auto& entry : body->at("similar")) {
      const auto sources = entry.value("sources", json::array());
      found.push_back(
          {entry.at("item_id").get<std::string>(), has(sources, "transitions"), has(sources, "embedding")});
    }
  } catch (const json::exception& failed) {
    return fail(fault::malformed, service.address() + target + ": " + failed.what());
  }
  return found;
}

} // namespace winnow
