#pragma once

#include "config/error.hpp"
#include "models/gate/version_comparison.hpp"

#include <cstdint>
#include <filesystem>
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

/// Where a model directory keeps the reports over restarts.
std::filesystem::path reports_file(const std::filesystem::path& home);

/// Reads reports that `write_reports` wrote. @return None if there is no file; an error that names the file
/// if it is broken. Blocking.
result<std::vector<gate_report>> read_reports(const std::filesystem::path& file);

/// Replaces the file as a whole. Blocking.
result<void> write_reports(const std::filesystem::path& file, const std::vector<gate_report>& reports);

/// One line for the log and for operators whose order is refused.
std::string refusal_text(const gate_report& report);

} // namespace winnow
