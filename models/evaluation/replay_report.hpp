#pragma once

#include "models/evaluation/evaluation_report.hpp"
#include "models/evaluation/replay.hpp"

#include <string>

namespace winnow {

/// A table for people.
std::string replay_table(const replay_result& of, const evaluation_subject& subject);

/// One JSON object.
std::string replay_json(const replay_result& of, const evaluation_subject& subject);

/// An SVG chart of the hit rate over time, frozen and live.
std::string replay_plot(const replay_result& of, const std::string& title);

} // namespace winnow
