#include "redis/fleet/fleet_replies.hpp"

#include "config/text/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <gsl/span>
#include <nlohmann/json.hpp>

namespace winnow {

namespace {

constexpr std::string_view beat_name = "the fleet's state";
constexpr std::size_t beat_elements = 12;
constexpr std::size_t peer_elements = 4;

gsl::span<redisReply* const> elements_of(const redisReply& reply) {
  return {reply.element, reply.elements};
}

tl::unexpected<error> refuse(std::string_view context, std::string_view expected, const redisReply& reply) {
  if (reply.type == REDIS_REPLY_ERROR)
    return tl::unexpected<error>(error_from_reply(context, text_of(reply)));
  return tl::unexpected<error>(unexpected_kind(context, expected, reply));
}

bool is_array(const redisReply& reply, std::size_t least) {
  return reply.type == REDIS_REPLY_ARRAY && reply.elements >= least;
}

std::uint64_t number_of(const redisReply& reply) {
  return reply.type == REDIS_REPLY_INTEGER && reply.integer > 0 ? static_cast<std::uint64_t>(reply.integer)
                                                                : 0;
}

/// A report that cannot be read is one of another version of the program: what it lacks stays empty.
fleet_report report_of(std::string id, std::string_view json, std::string models) {
  fleet_report report;
  report.id = std::move(id);
  report.models = std::move(models);
  const auto read = parse_json(json);
  if (!read.is_object())
    return report;
  const auto text = [&](const char* name) {
    const auto found = read.find(name);
    return found != read.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto number = [&](const char* name) {
    const auto found = read.find(name);
    return found != read.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
  };
  report.rest_address = text("rest");
  report.admin_address = text("admin");
  report.program = text("program");
  report.rules = text("rules");
  report.learned = text("learned");
  report.in_hand = number("in_hand");
  report.computed = number("computed");
  report.claimed = number("claimed");
  report.computed_twice = number("computed_twice");
  return report;
}

/// Reads `MILLISECONDS VERSION REPORT`, as the script stores it.
fleet_peer peer_of(const redisReply& reply) {
  const auto parts = elements_of(reply);
  auto text = text_of(*parts[3]);
  text.remove_prefix(std::min(text.find(' '), text.size() - 1) + 1);
  const auto end = std::min(text.find(' '), text.size());
  const auto json = text.substr(std::min(end + 1, text.size()));
  fleet_peer peer;
  peer.report = report_of(std::string(text_of(*parts[0])), json, std::string(text.substr(0, end)));
  peer.last_seen = std::chrono::milliseconds(number_of(*parts[1]));
  peer.live = number_of(*parts[2]) > 0;
  return peer;
}

} // namespace

std::string to_json(const fleet_report& report) {
  const nlohmann::json made{
      {"rest", report.rest_address},
      {"admin", report.admin_address},
      {"program", report.program},
      {"rules", report.rules},
      {"learned", report.learned},
      {"in_hand", report.in_hand},
      {"computed", report.computed},
      {"claimed", report.claimed},
      {"computed_twice", report.computed_twice},
  };
  return made.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

result<fleet_state> as_fleet_state(const redisReply& reply) {
  if (!is_array(reply, beat_elements))
    return refuse(beat_name, "an array of twelve", reply);
  const auto parts = elements_of(reply);
  fleet_state state;
  state.fence = number_of(*parts[0]);
  state.leader = text_of(*parts[1]);
  state.in_force = text_of(*parts[2]);
  state.waiting = number_of(*parts[3]);
  state.taken = number_of(*parts[4]);
  state.stream = number_of(*parts[5]);
  state.lag = std::chrono::milliseconds(number_of(*parts[6]));
  state.delivered = text_of(*parts[7]);
  state.stream_is_new = number_of(*parts[8]) > 0;
  state.told = number_of(*parts[9]);
  state.erased = text_of(*parts[10]);
  for (const auto* const one : elements_of(*parts[11])) {
    if (!is_array(*one, peer_elements))
      return refuse(beat_name, "an array of four for each replica", *one);
    state.peers.push_back(peer_of(*one));
  }
  std::sort(state.peers.begin(), state.peers.end(),
            [](const fleet_peer& a, const fleet_peer& b) { return a.report.id < b.report.id; });
  return state;
}

result<std::vector<fleet_entry>> as_entries(std::string_view context, const redisReply& reply) {
  if (!is_array(reply, 0))
    return refuse(context, "an array of entries", reply);
  std::vector<fleet_entry> entries;
  for (const auto* const one : elements_of(reply)) {
    if (!is_array(*one, 2) || !is_array(*one->element[1], 2))
      continue; // removed before it was read
    entries.push_back(
        {std::string(text_of(*one->element[0])), std::string(text_of(*one->element[1]->element[1]))});
  }
  return entries;
}

fleet_value as_value(std::string name, std::string_view stored) {
  fleet_value value{std::move(name), {}, 0, {}};
  const auto end = std::min(stored.find(' '), stored.size());
  std::from_chars(stored.data(), stored.data() + end, value.time);
  value.text = stored.substr(std::min(end + 1, stored.size()));
  return value;
}

result<fleet_news> as_news(const redisReply& reply, std::uint64_t after) {
  if (!is_array(reply, 0))
    return refuse("the fleet's news", "an array of entries", reply);
  fleet_news news;
  news.told = after;
  for (const auto* const one : elements_of(reply)) {
    if (!is_array(*one, 2) || !is_array(*one->element[1], 6))
      continue;
    const auto fields = elements_of(*one->element[1]); // n, its number, k, its name, v, its value
    const auto number = text_of(*fields[1]);
    std::uint64_t told = 0;
    std::from_chars(number.data(), number.data() + number.size(), told);
    if (told <= after)
      continue;
    news.has_gap = news.has_gap || told != news.told + 1;
    news.told = told;
    news.values.push_back(as_value(std::string(text_of(*fields[3])), text_of(*fields[5])));
  }
  return news;
}

result<std::vector<std::string>> as_texts(std::string_view context, const redisReply& reply) {
  if (!is_array(reply, 0))
    return refuse(context, "an array of texts", reply);
  std::vector<std::string> texts;
  for (const auto* const one : elements_of(reply))
    texts.emplace_back(text_of(*one));
  return texts;
}

result<std::vector<std::int64_t>> as_numbers(std::string_view context, const redisReply& reply,
                                             std::size_t count) {
  if (!is_array(reply, count))
    return refuse(context, "an array of numbers", reply);
  std::vector<std::int64_t> numbers;
  for (const auto* const one : elements_of(reply))
    numbers.push_back(one->integer);
  return numbers;
}

} // namespace winnow
