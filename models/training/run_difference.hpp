#pragma once

#include <string>

namespace winnow {

/// Says in which members two descriptions of a training run differ, both of them JSON objects:
/// `seed: 5, now 7; parameters.epochs: 3, now 4`. Empty if they differ in none.
/// @param now Members that it lacks are not compared.
std::string difference_of_runs(const std::string& kept, const std::string& now);

} // namespace winnow
