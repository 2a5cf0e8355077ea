#pragma once

#include "config/error.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow {

/// Properties by name, in the order in which they were given.
using property_list = std::vector<std::pair<std::string, std::string>>;

/// Parses `NAME=VALUE`, separated by commas or line feeds. A part behind a comma that has no `=` belongs to
/// the value before it: `debug=cgrp,topic`. An empty text is an empty list. Errors read "expected …, got …"
/// and never show a value.
result<property_list> parse_properties(std::string_view text);

/// The list in the form that `parse_properties` reads, with the values of passwords and keys masked as `***`.
std::string print_properties(const property_list& properties);

} // namespace winnow
