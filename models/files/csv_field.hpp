#pragma once

#include <string>
#include <string_view>

namespace winnow {

/// A field of a CSV file, quoted if necessary.
std::string csv_field(std::string_view text);

} // namespace winnow
