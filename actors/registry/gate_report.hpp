#pragma once

#include "models/gate/version_comparison.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace winnow {

/// How a version did beside the one in force, before it was promoted.
struct gate_report {
  std::string version, digest;         ///< That was judged.
  std::string against, against_digest; ///< That was in force.
  std::int64_t judged = 0;             ///< Seconds since 1970.
  version_comparison compared;
  std::vector<std::string> objections; ///< Empty: it may be promoted.

  bool passed() const { return objections.empty(); }
};

nlohmann::ordered_json json_of(const gate_report& report);

/// One line for the log and for operators whose order is refused.
std::string refusal_text(const gate_report& report);

} // namespace winnow
