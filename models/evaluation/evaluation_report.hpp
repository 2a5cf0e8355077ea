#pragma once

#include "models/evaluation/evaluation.hpp"

#include <string>

namespace winnow {

/// What was measured, for the head of a report.
struct evaluation_subject {
  std::string model_dir;
  std::string model_version;
  std::string data;  ///< The file or folder of interactions.
  std::string split; ///< How they are parted, e.g. `leave_one_out`.
};

/// Text in aligned columns: one block a list length, one for the scores, the ceiling.
std::string evaluation_table(const evaluation& of, const evaluation_subject& subject);

/// One JSON object with the same content.
std::string evaluation_json(const evaluation& of, const evaluation_subject& subject);

} // namespace winnow
