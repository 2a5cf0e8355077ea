#pragma once

#include "tools/winnowctl/import/byte_source.hpp"
#include "tools/winnowctl/import/gorse_records.hpp"

namespace winnow {

/// Reads JSON lines as Gorse's dashboard exports them, or the answers of its REST API (`{"Cursor": …,
/// "Feedback": […]}`, or an array), which may span lines. Records that cannot be read are left out.
result<void> read_gorse_json(byte_source& source, gorse_sink& into);

} // namespace winnow
