#include "actors/rest/rest_answers.hpp"

#include "config/text/ascii.hpp"
#include "config/text/byte_order_mark.hpp"
#include "config/text/json_text.hpp"
#include "models/item_description.hpp"
#include "models/similar_items.hpp"
#include "redis/records/profile.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

using nlohmann::ordered_json;

/// The place of an item in a list; nullopt if there is no list or the item is not in it.
std::optional<std::size_t> place_in(const std::shared_ptr<const ranked_list>& list, std::uint32_t item) {
  if (list)
    for (std::size_t place = 0; place < list->items.size(); ++place)
      if (list->items[place].item == item)
        return place;
  return std::nullopt;
}

/// Adds the candidate's score by each source that found it; none did if the list is of popular items.
void add_candidate_scores(const ranked_list& candidates, std::size_t place, ordered_json& scores) {
  if (candidates.source == list_source::popular)
    return;
  scores["lightgcn"] = candidates.items[place].score;
  if (candidates.evidence.empty())
    return;
  const auto& evidence = candidates.evidence[place];
  if (evidence.transition_rank != no_rank)
    scores["transitions"] = evidence.transition_score;
  scores["sources"] = sources_of(evidence);
}

std::string scores_json(const recommendation& list) {
  auto scores = ordered_json::array();
  for (const auto item : list.items) {
    ordered_json entry_json{{"item_id", std::string(list.models->items[item])}};
    if (list.models->items.is_adopted(item))
      entry_json["adopted"] = true;
    if (const auto place = place_in(list.candidates, item))
      add_candidate_scores(*list.candidates, *place, entry_json);
    if (const auto place = place_in(list.din, item))
      entry_json["din"] = 1.0 / (1.0 + std::exp(-static_cast<double>(din_logit_at(*list.din, *place))));
    if (const auto place = place_in(list.ranknet, item))
      entry_json["ranknet"] = list.ranknet->items[*place].score;
    scores.push_back(std::move(entry_json));
  }
  return scores.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string fields_json(const recommendation& list, const std::vector<std::string>& fields) {
  auto items = ordered_json::array();
  for (const auto item : list.items) {
    ordered_json one{{"item_id", std::string(list.models->items[item])}};
    one.update(attributes_json(*list.models, item, fields));
    items.push_back(std::move(one));
  }
  return items.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string withheld_json(const recommendation& list) {
  auto items = ordered_json::array();
  for (const auto& one : list.withheld)
    items.push_back({{"item_id", one.item_id}, {"reason", to_string(one.why)}});
  return items.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Whether an item of a list that `parse_profile` accepts is a number instead of a string.
bool has_number(std::string_view list) {
  bool quoted = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '"')
      quoted = !quoted;
    else if (quoted && list[i] == '\\')
      ++i;
    else if (!quoted && is_digit(list[i]))
      return true;
  }
  return false;
}

/// A list of ids as JSON, without some of them.
template<class Unwanted>
std::string without(const std::vector<std::string>& ids, Unwanted unwanted) {
  std::vector<std::string_view> left;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(left),
               [&](const std::string& id) { return !unwanted(id); });
  return to_json(left);
}

std::string because_json(const recommendation& list) {
  auto reasons = ordered_json::array();
  for (std::size_t i = 0; i < list.because.size(); ++i)
    reasons.push_back({{"item", std::string(list.models->items[list.items[i]])},
                       {"history_item", list.because[i].history_item},
                       {"weight", list.because[i].weight}});
  return reasons.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace

http_call::~http_call() {
  // Made once: nearly always the request has been answered, and this has no effect.
  static const auto dropped =
      http::error_response({fault::unavailable, "the actor that handles this request is restarting"});
  answer(dropped);
}

http::response store_error_answer(const error& failure) {
  const bool ours = failure.cause == fault::denied || failure.cause == fault::unsupported;
  return http::error_response(
      ours ? error{fault::unavailable, "the profile store refuses the daemon's requests"} : failure);
}

http::response recommendation_answer(const asked_list& asked, const recommendation& list) {
  // Assembled by hand: the list is JSON already, and this is the most frequent answer.
  http::response answer;
  std::string& body = answer.body;
  body.reserve(list.json.size() + 256);
  body += R"({"status":"success","message":"Recommendations computed)";
  body += list.to_store ? " and stored\"" : "\"";
  if (asked.user_id)
    body += R"(,"user_id":)" + json_string(*asked.user_id);
  body += R"(,"recommendations":)";
  body += list.json;
  body += R"(,"source":")";
  body += to_string(list.candidates->source);
  body += R"(","model_version":")";
  body += list.models->version;
  body += '"';
  if (!list.degraded.empty())
    body += R"(,"degraded":)" + nlohmann::json(list.degraded).dump();
  if (list.truncated > 0)
    body += R"(,"truncated":)" + std::to_string(list.truncated);
  if (!list.shortage.empty())
    body += R"(,"shortage":)" + json_string(list.shortage);
  if (!list.withheld.empty())
    body += R"(,"withheld":)" + withheld_json(list);
  if (!asked.query->fields.empty())
    body += R"(,"items":)" + fields_json(list, asked.query->fields);
  if (asked.query->scores)
    body += R"(,"scores":)" + scores_json(list);
  if (asked.query->explain)
    body += R"(,"because":)" + because_json(list);
  body += '}';
  return answer;
}

http::response batch_answer(const std::vector<http::response>& entries) {
  http::response answer;
  std::string& body = answer.body;
  body += R"({"status":"success","results":[)";
  for (const auto& entry : entries) {
    if (&entry != &entries.front())
      body += ',';
    body += R"({"status":)" + std::to_string(entry.status) + R"(,"body":)" + entry.body + '}';
  }
  body += "]}";
  return answer;
}

http::response item_answer(std::string_view item_id, const model_set& models, std::uint32_t item) {
  ordered_json body{{"item_id", std::string(item_id)}};
  if (models.items.is_adopted(item))
    body["adopted"] = true;
  if (models.item_counts)
    body["taken"] = models.taken(item);
  if (const auto why = models.withheld ? models.withheld->find(item_id) : std::nullopt)
    body["withheld"] = to_string(*why);
  body["attributes"] = attributes_json(models, item, {});
  body["model_version"] = models.version;
  http::response answer;
  answer.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return answer;
}

http::response popular_answer(const model_set& models, const std::vector<scored_item>& items) {
  auto entries = ordered_json::array();
  for (const auto& entry : items)
    entries.push_back({{"item_id", std::string(models.items[entry.item])}, {"taken", entry.score}});
  const ordered_json body{{"popular", std::move(entries)}, {"model_version", models.version}};
  http::response answer;
  answer.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return answer;
}

http::response accepted_answer(bool preferred) {
  http::response answer;
  answer.status = 202;
  answer.body = R"({"status":"success","message":"Recommendation request accepted"})";
  if (preferred)
    answer.headers.emplace_back("Preference-Applied", "respond-async");
  return answer;
}

http::response stored_list_answer(std::string_view user_id, const store_value& stored,
                                  const withheld_items* withheld) {
  if (!stored.value)
    return http::json_error(404, "No recommendations found");
  const auto items = parse_profile(*stored.value); // like a profile, a list is an array of strings
  if (!items)
    return http::json_error(500,
                            "the stored list of user " + std::string(user_id) + ": " + items.error().message);
  const auto is_withheld = [&](const std::string& id) {
    return withheld != nullptr && withheld->find(id).has_value();
  };
  const auto& ids = items->items;
  // Clients are promised strings.
  const bool as_stored = !has_number(*stored.value) && std::none_of(ids.begin(), ids.end(), is_withheld);
  http::response answer;
  answer.body =
      R"({"status":"success","recommendations":)" +
      (as_stored ? std::string(without_byte_order_mark(*stored.value)) : without(ids, is_withheld)) + "}";
  return answer;
}

http::response item_state_answer(const item_state& state) {
  http::response answer;
  std::string& body = answer.body;
  body = R"({"status":"success","item_id":)" + json_string(state.item_id);
  body += R"(,"attributes":)" + state.attributes;
  body += std::string(R"(,"known":)") + (state.known ? "true" : "false");
  body += std::string(R"(,"kept":)") + (state.kept ? "true" : "false");
  if (state.withheld)
    body += R"(,"withheld":")" + std::string(to_string(*state.withheld)) + '"';
  body += '}';
  return answer;
}

http::response erased_user_answer(const erased_user& erased) {
  const ordered_json body{{"status", "success"},
                          {"user_id", erased.user_id},
                          {"erased",
                           {{"profiles", erased.profiles},
                            {"lists", erased.list ? 1 : 0},
                            {"results", erased.results},
                            {"events", erased.events ? 1 : 0},
                            {"learned", erased.learned}}},
                          {"remaining", erased.remaining}};
  http::response answer;
  answer.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return answer;
}

http::response similar_items_answer(std::string_view item_id, const model_set& models,
                                    const ranked_list& similar, std::size_t limit) {
  auto entries = ordered_json::array();
  for (std::size_t place = 0; place < std::min(limit, similar.items.size()); ++place) {
    const auto& found = similar.items[place];
    const auto& evidence = similar.evidence[place];
    ordered_json entry{{"item_id", std::string(models.items[found.item])},
                       {"score", similarity(models, evidence)}};
    auto sources = ordered_json::array();
    if (evidence.recall_rank != no_rank) {
      entry["cosine"] = found.score;
      sources.push_back("embedding");
    }
    if (evidence.transition_rank != no_rank) {
      entry["transition"] = evidence.transition_score;
      sources.push_back("transitions");
    }
    entry["sources"] = std::move(sources);
    if (models.items.is_adopted(found.item))
      entry["adopted"] = true;
    entries.push_back(std::move(entry));
  }
  const ordered_json body{
      {"item_id", std::string(item_id)}, {"similar", std::move(entries)}, {"model_version", models.version}};
  http::response answer;
  answer.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return answer;
}

http::response profile_answer(std::string_view user_id, const store_value& stored) {
  if (!stored.value)
    return http::json_error(404, "no profile of user " + std::string(user_id));
  http::response answer;
  answer.body = without_byte_order_mark(*stored.value); // JSON has none
  return answer;
}

} // namespace winnow
