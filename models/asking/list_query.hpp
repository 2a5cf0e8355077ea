#pragma once

#include "config/error.hpp"
#include "models/attributes/item_filter.hpp"

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// A filter with the text that identifies it, so that its result can be kept.
struct named_filter {
  item_filter filter;
  std::string text;
};

/// Items that rank higher or lower than the models say.
struct item_boost_query {
  named_filter filter;
  double factor = 1; ///< Of the item's share of the softmax over the ranking; above 0.
};

/// An item that stands at a place of the list, whatever the models say.
struct item_pin {
  std::string item_id;
  std::size_t place = 1; ///< Of the whole list, counted from 1.
  /// The shop's rules ask for it, not the client: it is left out if the models do not know the item, or if
  /// the user has it.
  bool of_rules = false;
};

/// What a client asks of a list, besides whose it is.
struct list_query {
  std::optional<std::size_t> limit; ///< 1 to `most_limit`; default: as many as the last stage keeps.
  std::size_t offset = 0;           ///< Items of the list before the first that is wanted.
  std::vector<std::string> exclude; ///< Item ids.
  std::optional<named_filter> filter;
  std::vector<item_boost_query> boosts;
  std::vector<item_pin> pins;
  double diversity = 0;        ///< 0 to 1: the weight of being unlike the items before, see `arrange_list`.
  std::string spread_by;       ///< An attribute; empty: none.
  std::size_t most_of_one = 1; ///< Items with the same value of it.
  bool says_diversity = false; ///< Whether the query states the three above, also as 0.
  std::optional<std::vector<std::string>> history; ///< Instead of the stored profile.
  /// Item ids to rank, instead of all; then the items of the history are not left out.
  std::optional<std::vector<std::string>> items;
  std::vector<std::string> fields; ///< Attributes to return, each once, in order.
  bool explain = false, scores = false;
  /// What the client says about the request, for the access log: at most `longest_context` bytes, without
  /// control characters.
  std::string context;
  std::string placement; ///< Whose rules hold besides those for all lists; empty: none.

  static constexpr std::size_t most_limit = 200;       ///< Of `limit` and `offset` together.
  static constexpr std::size_t most_ranked = 1000;     ///< Of `items`.
  static constexpr std::size_t most_ids = 10'000;      ///< Of each list of ids.
  static constexpr std::size_t most_conditions = 3000; ///< Of all filters together, see `conditions_in`.
  static constexpr std::size_t longest_context = 256;

  /// Whether nothing is asked of the list itself, unless by its placement.
  bool asks_nothing() const noexcept {
    return !limit && offset == 0 && exclude.empty() && !filter && boosts.empty() && pins.empty() &&
           !says_diversity && !history && !items;
  }
  /// Whether the answer is the user's plain list, perhaps with more told about it.
  bool is_plain() const noexcept { return asks_nothing() && placement.empty(); }
};

/// Which members a body may have.
enum class query_form {
  list, ///< Those of a list for a user of the path.
  rank, ///< The same, and `items` must be there.
};

/// Parses a JSON object of the members of `list_query`; none is required.
/// @param defaults Is changed by the members that are there.
/// @return `malformed`, which names the member, what was expected and what came; for an unknown member also
///   the most similar known one.
result<list_query> parse_list_query(const nlohmann::json& from, query_form form, list_query defaults = {});

/// Parses one member that asks something of the list, such as `filter`, and changes `into`.
/// @return `malformed` likewise; the message begins with the member's name.
result<void> parse_query_member(const std::string& name, const nlohmann::json& from, list_query& into);

/// Joins two filters to one that both must pass.
named_filter both_filters(const named_filter& first, const named_filter& second);
/// Parses a filter, and keeps its text.
result<named_filter> parse_named_filter(const nlohmann::json& from);

/// Parses the text of a body. @return `malformed` if it is no JSON, is nested too deeply, or has an object
/// with the same member twice.
result<nlohmann::json> parse_body(std::string_view text);

} // namespace winnow
