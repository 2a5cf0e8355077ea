#pragma once

#include "models/asking/list_query.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What a shop wants of its lists, whatever the models and the clients say.
namespace winnow {

/// A place of the shop that shows lists, such as its home page, with rules of its own.
struct shop_placement {
  list_query own; ///< As in the file.
  list_query all; ///< Together with the rules for all lists.
  /// Widths of the first two stages; unset: the usual ones.
  std::optional<std::size_t> candidates, din_keep;
  /// Of its users, who get the versions of an experiment; the others get the version in force.
  std::optional<double> experiment_share;

  static constexpr std::size_t most_candidates = 10'000;
};

/// The rules of one file. Immutable.
struct shop_rules {
  list_query for_all; ///< Holds for every list, also for the plain ones that are stored.
  std::map<std::string, shop_placement, std::less<>> placements;
  std::string file;
  std::string digest; ///< Of the file's bytes, 16 hexadecimal digits.
  /// Digest of `for_all`: what plain lists depend on. 0: there are no rules for all lists.
  std::uint64_t plain_digest = 0;
  std::chrono::system_clock::time_point read_at;

  static constexpr std::size_t most_placements = 100;
  static constexpr std::size_t longest_name = 64; ///< Of a placement, in bytes.

  const shop_placement* find(std::string_view placement) const;
  std::vector<std::string> names() const; ///< Of the placements.
};

using shop_rules_ptr = std::shared_ptr<const shop_rules>;

/// Combines rules with what is more specific: a placement, or a request.
/// - An item must pass both filters, and is left out if either excludes it.
/// - Boosts multiply.
/// - `limit`, `diversity`: those of `specific`, if it states them.
/// - Pins of both; one of `rules` is dropped if `specific` has one for the same item or place, or excludes
/// the
///   item. Those of `rules` become `of_rules`.
/// Everything else comes from `specific`.
list_query combined(const list_query& rules, list_query specific);

/// One rule of a file, in words.
struct rule_in_words {
  std::string path; ///< In the file: `placements.cart.boost[0]`.
  std::string words;
};

/// The rules of a placement in words; of those for all lists if it is empty. Nothing for an unknown one.
std::vector<rule_in_words> in_words(const shop_rules& rules, std::string_view placement);

/// A filter in words: `in_stock is true and price at most 20`.
std::string in_words(const item_filter& filter);

} // namespace winnow
