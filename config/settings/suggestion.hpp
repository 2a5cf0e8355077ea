#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace winnow {

/// Returns `; did you mean NAME?` with the known name most similar to `given`; empty if none is similar.
std::string suggestion(std::string_view given, const std::vector<std::string>& known);

/// Whether one letter must be inserted, removed or replaced, or two neighbours swapped, to turn one into the
/// other; also if they are equal. The case of letters does not count.
bool is_one_letter_off(std::string_view one, std::string_view other);

/// Whether `given` is so similar to a known name that it must be that name, mistyped: what follows `prefix`,
/// with which both begin, differs in at most one letter of three. Swapped neighbours count as one letter.
bool is_near_miss(std::string_view given, std::string_view prefix, const std::vector<std::string>& known);

} // namespace winnow
