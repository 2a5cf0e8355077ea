#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow::http {

/// Decodes `%XX` into `decoded` (which is overwritten). False where an escape is broken or stands for a NUL.
bool percent_decode(std::string_view text, bool plus_is_space, std::string& decoded);

/// The decoded segments of a raw path that starts with `/`: `/a/b%2Fc` is {"a", "b/c"}. False as above.
bool split_path(std::string_view path, std::vector<std::string>& segments);

/// The decoded pairs of a query without its `?`. A name without `=` has an empty value. False as above.
bool split_query(std::string_view query, name_values& pairs);

} // namespace winnow::http
