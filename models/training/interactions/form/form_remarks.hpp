#pragma once

#include "models/training/interactions/columns/chosen_columns.hpp"
#include "models/training/interactions/form/interaction_form.hpp"

#include <string>
#include <vector>

namespace winnow {

/// What the user of a file should know about the columns that are read from it, as sentences for the log:
/// that its first line is a header although places are given, that it has no ratings to leave any out by, and
/// which of several columns was taken.
/// @param file Stands at the first record. @param least_rating Rows with a lower one are left out.
std::vector<std::string> remarks_on_form(csv_reader& file, const interaction_form& form,
                                         const chosen_columns& chosen, double least_rating);

} // namespace winnow
