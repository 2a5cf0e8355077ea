#include "models/rules/rules_file.hpp"

#include "config/settings/suggestion.hpp"
#include "config/text/has_nul.hpp"
#include "config/text/json_text.hpp"
#include "models/attributes/json_member.hpp"
#include "models/files/file_digest.hpp"
#include "models/files/input_file.hpp"

#include <algorithm>
#include <xxhash.h>

namespace winnow {

namespace {

using nlohmann::json;

constexpr std::uint64_t most_bytes = 4U << 20U;

const std::vector<std::string> rules_of_lists{"filter", "boost", "pin", "exclude", "diversity"};

const std::vector<std::string> rules_of_placements{"limit", "candidates", "din_keep", "experiment_share"};

bool is_one_of(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Parses JSON. An object with the same member twice, of which one would be lost, is refused.
result<json> parse_strictly(std::string_view text) {
  if (has_nul(text))
    return fail(fault::malformed, "expected JSON, got a text with a zero byte");
  if (is_nested_too_deeply(text))
    return fail(fault::malformed,
                "expected JSON of at most " + std::to_string(most_json_levels) + " levels, got more");
  try {
    auto parsed = json::parse(text);
    if (auto fits = expect_each_member_once(text, parsed); !fits)
      return tl::unexpected(fits.error());
    return parsed;
  } catch (const json::exception& wrong) {
    const std::string why = wrong.what();
    const auto place = why.find("parse error");
    return fail(fault::malformed,
                "expected JSON, got " +
                    (place == std::string::npos ? json_defect(text) : "a " + why.substr(place)));
  }
}

/// Reads one file, and collects all its faults.
class rules_reader {
public:
  shop_rules read(const json& from) {
    shop_rules rules;
    if (!from.is_object()) {
      note("", expected_member("rules", "an object", from).value());
      return rules;
    }
    for (const auto& [name, value] : from.items())
      if (name == "placements")
        read_placements(value, rules);
      else
        read_member("", name, value, rules.for_all, with({"placements", "comment"}));
    check("", rules.for_all);
    for (auto& [name, placement] : rules.placements)
      placement.all = combined(rules.for_all, placement.own);
    rules.plain_digest = digest_of(from);
    return rules;
  }

  const std::vector<std::string>& faults() const { return faults_; }

private:
  static std::vector<std::string> with(const std::vector<std::string>& more) {
    auto names = rules_of_lists;
    names.insert(names.end(), more.begin(), more.end());
    return names;
  }

  void note(const std::string& prefix, const error& fault) { faults_.push_back(prefix + fault.message); }

  /// @return 0 without rules for all lists.
  static std::uint64_t digest_of(const json& from) {
    json parts = json::object();
    for (const auto& name : rules_of_lists)
      if (from.contains(name))
        parts[name] = from[name];
    if (parts.empty())
      return 0;
    const auto text = parts.dump(-1, ' ', true, json::error_handler_t::replace);
    return std::max<std::uint64_t>(XXH3_64bits(text.data(), text.size()), 1);
  }

  /// @param prefix Of the path, ends with a dot unless it is empty.
  void read_member(const std::string& prefix, const std::string& name, const json& value, list_query& into,
                   const std::vector<std::string>& known) {
    if (name == "comment")
      return;
    if (!is_one_of(name, known) && is_one_of(name, rules_of_placements))
      return note(prefix, {fault::malformed, name + ": expected in a placement only"});
    if (!is_one_of(name, known))
      return note(prefix, {fault::malformed, name + ": unknown member" + suggestion(name, known)});
    if (auto taken = parse_query_member(name, value, into); !taken)
      note(prefix, taken.error());
  }

  void read_placements(const json& from, shop_rules& rules) {
    if (!from.is_object())
      return note("", expected_member("placements", "an object of placements by name", from).value());
    if (from.size() > shop_rules::most_placements)
      note("",
           {fault::malformed, "placements: expected at most " + std::to_string(shop_rules::most_placements) +
                                  ", got " + std::to_string(from.size())});
    for (const auto& [name, value] : from.items())
      read_placement(name, value, rules.placements[name]);
  }

  static bool is_name(const std::string& text) {
    return !text.empty() && text.size() <= shop_rules::longest_name &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
               std::string::npos;
  }

  void read_placement(const std::string& name, const json& from, shop_placement& into) {
    if (!is_name(name))
      note("", {fault::malformed, "placements: expected names of 1 to " +
                                      std::to_string(shop_rules::longest_name) +
                                      " letters, digits, _ and -, got " + shown_json(name)});
    const auto prefix = "placements." + name + ".";
    if (!from.is_object())
      return note("", expected_member("placements." + name, "an object", from).value());
    const auto known = with({"limit", "candidates", "din_keep", "experiment_share", "comment"});
    for (const auto& [member, value] : from.items())
      if (member == "candidates")
        read_width(prefix + member, value, into.candidates);
      else if (member == "din_keep")
        read_width(prefix + member, value, into.din_keep);
      else if (member == "experiment_share")
        read_share(prefix + member, value, into.experiment_share);
      else
        read_member(prefix, member, value, into.own, known);
    check(prefix, into.own);
    check_widths(prefix, into);
  }

  void read_width(const std::string& path, const json& from, std::optional<std::size_t>& into) {
    const auto most = shop_placement::most_candidates;
    if (!from.is_number_unsigned() || from.get<std::uint64_t>() < 1 || from.get<std::uint64_t>() > most)
      return note("",
                  expected_member(path, "a whole number from 1 to " + std::to_string(most), from).value());
    into = from.get<std::size_t>();
  }

  void read_share(const std::string& path, const json& from, std::optional<double>& into) {
    if (!from.is_number() || from.get<double>() < 0 || from.get<double>() > 1)
      note("", expected_member(path, "a number from 0 to 1", from).value());
    else
      into = from.get<double>();
  }

  void check_widths(const std::string& prefix, const shop_placement& placement) {
    const auto least = [&](const char* name, std::size_t width, const char* of, std::size_t needed) {
      if (width < needed)
        note(prefix,
             {fault::malformed, std::string(name) + ": expected at least the " + std::to_string(needed) +
                                    " of " + of + ", got " + std::to_string(width)});
    };
    const auto limit = placement.own.limit.value_or(1);
    if (placement.din_keep)
      least("din_keep", *placement.din_keep, "limit", limit);
    if (placement.candidates)
      least("candidates", *placement.candidates, placement.din_keep ? "din_keep" : "limit",
            placement.din_keep.value_or(limit));
  }

  /// Rules of one level that contradict each other.
  void check(const std::string& prefix, const list_query& rules) {
    for (const auto& pin : rules.pins)
      if (is_one_of(pin.item_id, rules.exclude))
        note(prefix, {fault::malformed, "pin." + pin.item_id +
                                            ": expected an item that may be on the list, "
                                            "got one of exclude"});
  }

  std::vector<std::string> faults_;
};

} // namespace

result<shop_rules> parse_rules(std::string_view text) {
  const auto parsed = parse_strictly(text);
  if (!parsed)
    return tl::unexpected(parsed.error());
  rules_reader reader;
  auto rules = reader.read(*parsed);
  if (reader.faults().empty())
    return rules;
  std::string all;
  for (const auto& fault : reader.faults())
    all += (all.empty() ? "" : "; ") + fault;
  return fail(fault::malformed, all);
}

result<shop_rules_ptr> read_rules(const std::filesystem::path& file) {
  const auto text = read_file(file, most_bytes);
  if (!text)
    return tl::unexpected(text.error());
  auto rules = parse_rules(*text);
  if (!rules)
    return fail(file.string(), rules.error());
  file_digest digest;
  digest.add_bytes(*text);
  rules->digest = digest.hex();
  rules->file = file.string();
  rules->read_at = std::chrono::system_clock::now();
  return std::make_shared<const shop_rules>(std::move(*rules));
}

} // namespace winnow
