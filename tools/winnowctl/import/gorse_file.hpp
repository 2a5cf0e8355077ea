#pragma once

#include "config/error.hpp"
#include "tools/winnowctl/import/gorse_records.hpp"

namespace winnow {

/// Reads a file of any form that Gorse exports, recognised by its first bytes; it may be gzip-compressed.
/// @return `not_found`, `io_error`, or `malformed` if it is of none of these forms; the message names it.
result<void> read_gorse_file(const std::string& path, gorse_sink& into);

} // namespace winnow
