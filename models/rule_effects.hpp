#pragma once

#include "models/asking/item_choice.hpp"
#include "models/rules/shop_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

struct model_set;

/// Tells which rules moved an item of a list.
class rule_effects {
public:
  /// @param placement Empty: none. Must be one of the rules, else only those for all lists count.
  /// @param models Both must outlive this.
  rule_effects(const shop_rules& rules, std::string_view placement, const model_set& models);

  /// The paths of the rules that hold for an item, as far as they explain its place; empty if only other
  /// items moved it.
  /// @param with, without Its place in the list with and without the rules, counted from 1; nullopt: it is
  /// not
  ///   on that list.
  std::vector<std::string> on(std::string_view item_id, std::optional<std::size_t> with,
                              std::optional<std::size_t> without) const;

private:
  /// A rule about the items of a filter; of `filter` itself, about those that do not pass.
  struct about {
    std::string path;
    std::shared_ptr<const item_choice> items;
    bool is_filter = false;
  };

  void add(const std::string& prefix, const list_query& rules);
  void add_matching(std::string_view item_id, bool is_out, std::vector<std::string>& paths) const;

  const model_set& models_;
  std::string placement_prefix_;
  const list_query *own_ = nullptr, *all_ = nullptr, *together_ = nullptr;
  std::vector<about> about_;
};

} // namespace winnow
