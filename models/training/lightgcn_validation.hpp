#pragma once

#include "models/training/lightgcn_fit.hpp"

#include <string>

namespace winnow {

/// The recall of the validation items, of 25,000 users at most.
double validation_recall(const embedding_rows& embeddings, const interaction_split& data,
                         const lightgcn_fit_options& options, thread_team& team);

/// `name` and a value with four digits.
std::string in_digits(const std::string& name, double value);

} // namespace winnow
