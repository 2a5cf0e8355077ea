#pragma once

#include "config/error.hpp"
#include "redis/connection/command_channel.hpp"

#include <cstddef>
#include <cstdint>

namespace winnow {

/// Private to this folder: how far a scan has come, if the keys are on several servers. The store's cursor
/// contains it: the server's own cursor, the layout at the beginning, and the number of the server. A store
/// of one server has the server's own cursors.
struct scan_position {
  std::uint64_t cursor = 0; ///< Of the server.
  std::uint64_t layout = 0;
  std::size_t server = 0;
};

/// Reads the store's cursor. Error: `unavailable`, if keys have moved from one server to another since the
/// scan began, so that it could miss some.
result<scan_position> scan_position_of(command_channel& channel, std::uint64_t cursor);

/// The store's cursor after a page whose server returned `next`; 0 after the last page. The same error.
result<std::uint64_t> next_position(command_channel& channel, const scan_position& was, std::uint64_t next);

} // namespace winnow
