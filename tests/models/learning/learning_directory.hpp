#pragma once

#include "tests/models/stage_directory.hpp"

#include <string>

namespace winnow::test {

/// A `stage_directory` with transitions, from its first items to the items 100 to 109, and with the stage
/// features that need them.
struct learning_directory : stage_directory {
  explicit learning_directory(const std::string& transitions = R"({"candidates": 20, "gap_decay": 0.5})") {
    const auto plain = load();
    std::string rows = "item_id,next_item_id,weight\n";
    for (std::uint32_t next = 100; next < 110; ++next)
      rows += std::string(plain->items[next % 3]) + "," + std::string(plain->items[next]) + "," +
              std::to_string(110 - next) + "\n";
    write("transitions.csv", rows);
    write("model.json", R"({"cascade": {"candidates": 60, "din_keep": 40, "ranknet_keep": 15},
      "transitions": )" + transitions +
                            R"(, "din": {"columns": ["price", "emb_3", "emb_0"]},
      "ranknet": {"columns": ["emb_5", "price", "transition_log_score", "last_transition", "din_logit",
                              "log_popularity", "history_cosine", "recent_cosine"]}})");
  }
};

} // namespace winnow::test
