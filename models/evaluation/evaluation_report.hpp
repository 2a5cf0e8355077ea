#pragma once

#include "models/evaluation/evaluation.hpp"

#include <string>

namespace winnow {

/// What was measured, for the heading of a report.
struct evaluation_subject {
  std::string model_dir;
  std::string model_version;
  std::string data;  ///< File or folder of the interactions.
  std::string split; ///< How the interactions are split, e.g. `leave_one_out`.
};

/// Text in aligned columns: one block per list length, one for the scores, and the ceiling.
std::string evaluation_table(const evaluation& of, const evaluation_subject& subject);

/// The same content as one JSON object.
std::string evaluation_json(const evaluation& of, const evaluation_subject& subject);

} // namespace winnow
