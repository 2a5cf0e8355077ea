#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace winnow::http {

/// Decodes each `%XX` of `text` and overwrites `decoded` with the result. Returns false if an escape is
/// malformed or encodes NUL.
/// @param plus_is_space Whether `+` is decoded to a space, as in queries.
bool percent_decode(std::string_view text, bool plus_is_space, std::string& decoded);

/// Splits a raw path that starts with `/` into decoded segments: `/a/b%2Fc` becomes {"a", "b/c"}. Returns
/// false if `percent_decode` fails.
bool split_path(std::string_view path, std::vector<std::string>& segments);

/// Splits a query, without its `?`, into decoded pairs, which are appended to `pairs`. A name without `=` has
/// an empty value. Returns false if `percent_decode` fails.
bool split_query(std::string_view query, name_values& pairs);

} // namespace winnow::http
