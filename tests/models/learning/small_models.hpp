#pragma once

#include "models/model_set.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace winnow::test {

/// Models without rankers to learn on top of, with numbers that a reader can compute: items `i0`, `i1`, … and
/// users `u0`, `u1`, … with embeddings of width 2. Both rankers' features are `features`, one column.
struct small_models {
  std::vector<std::vector<float>> items, users;
  std::vector<float> features; ///< By item.
  std::vector<std::uint64_t> taken;
  transition_counts counts;
  struct transition_rules rules {
    0.5, 0.25, 3, 128
  };
  transition_scoring scoring{0.5, 20, 0};

  /// @param count Of the items: all like each other, taken once, without transitions.
  explicit small_models(std::size_t count)
      : items(count, {1, 0}), users(2, {0, 1}), features(count), taken(count, 1) {
    counts.ends.resize(count + 1);
  }

  static id_table numbered(const std::string& prefix, std::size_t count) {
    id_table ids;
    for (std::size_t at = 0; at < count; ++at)
      ids.insert(prefix + std::to_string(at));
    return ids;
  }

  std::shared_ptr<model_set> make() const {
    auto models = std::make_shared<model_set>();
    models->items = catalogue(numbered("i", items.size()));
    models->item_embeddings = embedding_table(std::make_shared<const feature_table>(table_of(items)));
    models->users = std::make_shared<const id_table>(numbered("u", users.size()));
    models->user_embeddings = std::make_shared<const stored_rows>(2, table_of(users).values);
    models->din_features = std::make_shared<const feature_table>(feature_table{1, features});
    models->ranknet_features = models->din_features;
    models->features = std::make_shared<const feature_plan>();
    models->item_counts = std::make_shared<const std::vector<std::uint64_t>>(taken);
    models->popular = std::make_shared<const std::vector<std::uint32_t>>();
    models->transitions = std::make_shared<const transition_table>(counts, taken, scoring);
    models->transition_rules = rules;
    models->transition_candidates = 10;
    return models;
  }

private:
  static feature_table table_of(const std::vector<std::vector<float>>& rows) {
    feature_table table{2, {}};
    for (const auto& row : rows)
      table.values.own().insert(table.values.own().end(), row.begin(), row.end());
    return table;
  }
};

} // namespace winnow::test
