#pragma once

#include "tools/winnowctl/import/byte_source.hpp"
#include "tools/winnowctl/import/gorse_records.hpp"

namespace winnow {

/// Whether these first bytes of a file are those of a dump.
bool is_gorse_dump(std::string_view beginning);

/// Reads what `gorse-cli dump` writes: numbers of 64 bits (little-endian) that are -1, -2 or -3 before the
/// users, the items and the feedback, the length before each record, and 0 at the end; records are Protocol
/// Buffers. @return `malformed` if the file is damaged or cut off.
result<void> read_gorse_dump(byte_source& source, gorse_sink& into);

} // namespace winnow
