#pragma once

#include "models/evaluation/evaluation.hpp"

#include <string>

namespace winnow {

/// A bar chart as a self-contained SVG document: NDCG and HR of the shortest lists, one group of bars per
/// ranking, with whiskers of one standard error.
std::string evaluation_plot(const evaluation& of, const std::string& title);

} // namespace winnow
