#pragma once

#include "models/evaluation/evaluation.hpp"

#include <string>

namespace winnow {

/// A bar chart as an SVG document that needs nothing else: NDCG and HR of the shortest lists, a group a
/// ranking, with whiskers of one standard error.
std::string evaluation_plot(const evaluation& of, const std::string& title);

} // namespace winnow
