#include "models/asking/list_query.hpp"

#include "config/settings/suggestion.hpp"
#include "config/text/json_text.hpp"
#include "config/text/quoted_text.hpp"
#include "models/attributes/json_member.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

using nlohmann::json;

/// Languages that have one kind of number write 20 as `20.0`.
json without_fraction(const json& from) {
  constexpr double exact = 9007199254740992; // 2^53: from there on, not each whole number is a double
  const double number = from.is_number_float() ? from.get<double>() : exact;
  return std::abs(number) < exact && number == std::trunc(number) ? json(static_cast<std::int64_t>(number))
                                                                  : from;
}

result<std::size_t> parse_count(const std::string& member, const json& given, std::size_t least,
                                std::size_t most) {
  if (const auto from = without_fraction(given); from.is_number_integer()) {
    const auto number =
        from.is_number_unsigned()
            ? from.get<std::uint64_t>()
            : static_cast<std::uint64_t>(std::max<std::int64_t>(from.get<std::int64_t>(), -1));
    if (number >= least && number <= most)
      return static_cast<std::size_t>(number);
  }
  return expected_member(
      member, "a whole number from " + std::to_string(least) + " to " + std::to_string(most), given);
}

result<double> parse_number(const std::string& member, const json& from, double least, double most) {
  if (from.is_number())
    if (const double number = from.get<double>(); number >= least && number <= most)
      return number;
  return expected_member(member, "a number from " + json(least).dump() + " to " + json(most).dump(), from);
}

result<bool> parse_truth(const std::string& member, const json& from) {
  if (from.is_boolean())
    return from.get<bool>();
  return expected_member(member, "true or false", from);
}

result<std::string> parse_text(const std::string& member, const json& from) {
  if (from.is_string())
    return from.get<std::string>();
  return expected_member(member, "a text", from);
}

result<std::vector<std::string>> parse_texts(const std::string& member, const json& from) {
  if (!from.is_array())
    return expected_member(member, "an array of texts", from);
  if (from.size() > list_query::most_ids)
    return fail(fault::malformed, member + ": expected at most " + std::to_string(list_query::most_ids) +
                                      " texts, got " + std::to_string(from.size()));
  std::vector<std::string> texts;
  texts.reserve(from.size());
  for (const auto& one : from) {
    auto text = parse_text(member, one);
    if (!text)
      return tl::unexpected(text.error());
    texts.push_back(std::move(*text));
  }
  return texts;
}

/// Cuts a text between two characters.
void cut(std::string& text) {
  if (text.size() <= list_query::longest_context)
    return;
  auto end = list_query::longest_context;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
    --end;
  text.resize(end);
}

/// The text of a free-form value on one short line.
std::string context_of(const json& from) {
  auto text =
      from.is_string() ? from.get<std::string>() : from.dump(-1, ' ', true, json::error_handler_t::replace);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      c = ' ';
  cut(text);
  text = printable_text(text);
  cut(text); // escapes are longer
  return text;
}

/// Stores a parsed value, or returns why there is none.
template<class Value, class Into>
result<void> take(result<Value> parsed, Into& into) {
  if (!parsed)
    return tl::unexpected(parsed.error());
  into = std::move(*parsed);
  return {};
}

/// An object with exactly these members.
result<void> check_members(const std::string& member, const json& from,
                           const std::vector<std::string>& names) {
  if (!from.is_object() || from.size() != names.size() ||
      !std::all_of(names.begin(), names.end(), [&](const std::string& name) { return from.contains(name); }))
    return expected_member(member, "an object with " + names.front() + " and " + names.back(), from);
  return {};
}

result<void> parse_boosts(const json& from, list_query& into) {
  if (!from.is_array() || from.size() > 100)
    return expected_member("boost", "an array of at most 100 objects", from);
  into.boosts.clear();
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto& one = from[i];
    const auto member = "boost[" + std::to_string(i) + "]";
    if (auto fits = check_members(member, one, {"filter", "factor"}); !fits)
      return fits;
    item_boost_query boost;
    if (auto taken = take(parse_named_filter(one["filter"]), boost.filter); !taken)
      return fail(taken.error().cause, member + "." + taken.error().message);
    if (auto taken = take(parse_number(member + ".factor", one["factor"], 1e-6, 1e6), boost.factor); !taken)
      return taken;
    into.boosts.push_back(std::move(boost));
  }
  return {};
}

result<void> parse_pins(const json& from, list_query& into) {
  if (!from.is_object() || from.size() > list_query::most_limit)
    return expected_member("pin", "an object of item ids and places", from);
  into.pins.clear();
  for (const auto& [item, place] : from.items()) {
    item_pin pin{item};
    if (auto taken = take(parse_count("pin." + item, place, 1, list_query::most_limit), pin.place); !taken)
      return taken;
    into.pins.push_back(std::move(pin));
  }
  std::sort(into.pins.begin(), into.pins.end(),
            [](const item_pin& a, const item_pin& b) { return a.place < b.place; });
  const auto same = std::adjacent_find(into.pins.begin(), into.pins.end(),
                                       [](const auto& a, const auto& b) { return a.place == b.place; });
  if (same != into.pins.end())
    return fail(fault::malformed,
                "pin: expected each place once, got " + std::to_string(same->place) + " twice");
  return {};
}

/// A number, or `{"attribute": …, "most": …}`.
result<void> parse_diversity(const json& from, list_query& into) {
  into.says_diversity = true;
  if (!from.is_object())
    return take(parse_number("diversity", from, 0, 1), into.diversity);
  if (auto fits = check_members("diversity", from, {"attribute", "most"}); !fits)
    return fits;
  if (auto taken = take(parse_text("diversity.attribute", from["attribute"]), into.spread_by); !taken)
    return taken;
  return take(parse_count("diversity.most", from["most"], 1, list_query::most_limit), into.most_of_one);
}

result<void> parse_items(const json& from, list_query& into) {
  if (from.is_array() && from.size() > list_query::most_ranked)
    return fail(fault::malformed, "items: expected at most " + std::to_string(list_query::most_ranked) +
                                      " item ids, got " + std::to_string(from.size()));
  return take(parse_texts("items", from), into.items);
}

/// In order and without repetitions, because the cost of an answer grows with them.
result<void> parse_fields(const json& from, list_query& into) {
  if (auto taken = take(parse_texts("fields", from), into.fields); !taken)
    return taken;
  std::sort(into.fields.begin(), into.fields.end());
  into.fields.erase(std::unique(into.fields.begin(), into.fields.end()), into.fields.end());
  return {};
}

/// The members that say what is told with the list, and of whom it is.
result<void> parse_request_member(const std::string& name, const json& from, list_query& into) {
  if (name == "history")
    return take(parse_texts(name, from), into.history);
  if (name == "items")
    return parse_items(from, into);
  if (name == "fields")
    return parse_fields(from, into);
  if (name == "explain")
    return take(parse_truth(name, from), into.explain);
  if (name == "scores")
    return take(parse_truth(name, from), into.scores);
  if (name == "placement")
    return take(parse_text(name, from), into.placement);
  into.context = context_of(from);
  return {};
}

std::vector<std::string> members_of(query_form form) {
  std::vector<std::string> names{"limit",   "offset", "exclude", "filter", "boost",   "pin",      "diversity",
                                 "history", "fields", "explain", "scores", "context", "placement"};
  if (form == query_form::rank)
    names.emplace_back("items");
  return names;
}

/// What members say together.
result<void> check_together(const list_query& query, query_form form) {
  if (query.limit.value_or(1) + query.offset > list_query::most_limit)
    return fail(fault::malformed, "limit and offset: expected at most " +
                                      std::to_string(list_query::most_limit) + " together, got " +
                                      std::to_string(*query.limit + query.offset));
  auto conditions = query.filter ? conditions_in(query.filter->filter) : 0;
  for (const auto& boost : query.boosts)
    conditions += conditions_in(boost.filter.filter);
  if (conditions > list_query::most_conditions)
    return fail(fault::malformed, "filter and boost: expected at most " +
                                      std::to_string(list_query::most_conditions) +
                                      " conditions together, got " + std::to_string(conditions));
  if (form == query_form::rank && (!query.items || query.items->empty()))
    return fail(fault::malformed, "items: expected an array of at least one item id, got none");
  return {};
}

} // namespace

result<void> parse_query_member(const std::string& name, const json& from, list_query& into) {
  constexpr auto most = list_query::most_limit;
  if (name == "limit")
    return take(parse_count(name, from, 1, most), into.limit);
  if (name == "offset")
    return take(parse_count(name, from, 0, most - 1), into.offset);
  if (name == "exclude")
    return take(parse_texts(name, from), into.exclude);
  if (name == "filter")
    return take(parse_named_filter(from), into.filter);
  if (name == "boost")
    return parse_boosts(from, into);
  if (name == "pin")
    return parse_pins(from, into);
  if (name == "diversity")
    return parse_diversity(from, into);
  return parse_request_member(name, from, into);
}

named_filter both_filters(const named_filter& first, const named_filter& second) {
  named_filter both;
  both.filter.parts = {first.filter, second.filter};
  both.text = "{\"and\":[" + first.text + "," + second.text + "]}";
  return both;
}

result<list_query> parse_list_query(const nlohmann::json& from, query_form form, list_query defaults) {
  if (!from.is_object())
    return expected_member("body", "an object", from);
  const auto known = members_of(form);
  auto query = std::move(defaults);
  for (const auto& [name, value] : from.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return fail(fault::malformed, "unknown member \"" + name + "\"" + suggestion(name, known));
    if (auto taken = parse_query_member(name, value, query); !taken)
      return tl::unexpected(taken.error());
  }
  if (auto fits = check_together(query, form); !fits)
    return tl::unexpected(fits.error());
  return query;
}

result<named_filter> parse_named_filter(const nlohmann::json& from) {
  auto filter = parse_filter(from);
  if (!filter)
    return tl::unexpected(filter.error());
  return named_filter{std::move(*filter), from.dump(-1, ' ', true, json::error_handler_t::replace)};
}

result<nlohmann::json> parse_body(std::string_view text) {
  auto parsed = parse_json(text);
  if (parsed.is_discarded())
    return fail(fault::malformed, is_nested_too_deeply(text)
                                      ? "body: expected JSON of at most " + std::to_string(most_json_levels) +
                                            " levels, got more"
                                      : "body: expected a JSON object, got " + json_defect(text));
  if (auto fits = expect_each_member_once(text, parsed); !fits)
    return fail("body", fits.error());
  return parsed;
}

} // namespace winnow
