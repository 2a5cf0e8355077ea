#pragma once

#include "models/training/interactions/interaction_split.hpp"
#include "tools/winnow-train/train_options.hpp"

#include <string>
#include <vector>

namespace winnow {

/// What there is to learn from, and where it came from.
struct training_data {
  interaction_split split;
  std::string source; ///< The file or folder.
  std::string items;  ///< The file of what is known of the items; empty: none.
  std::string digest; ///< Of the interactions as they were read: ids, pairs, and how they are parted.
  std::string
      how; ///< How items are held back, as model.json says it: `leave_one_out`, `ratio:…`, `given`, `none`.
  std::vector<std::string> notes; ///< What the user should know of the input.
};

/// Reads and parts the interactions. If rankers are to be trained and nothing was held back to validate, each
/// user's last training item is.
result<training_data> read_training_data(const train_options& options);

} // namespace winnow
