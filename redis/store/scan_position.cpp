#include "redis/store/scan_position.hpp"

namespace winnow {
namespace {

// Servers number their places in 32 bits, or in 46 with the slot.
constexpr unsigned server_bits = 10;
constexpr unsigned layout_bits = 8;
constexpr std::uint64_t most_servers = std::uint64_t{1} << server_bits;
constexpr std::uint64_t layouts = std::uint64_t{1} << layout_bits;

/// 0 only for a single server.
std::uint64_t layout_of(command_channel& channel) {
  const auto number = channel.layout();
  return number == 0 ? 0 : number % (layouts - 1) + 1;
}

tl::unexpected<error> moved() {
  return fail(fault::unavailable, "the cluster has moved keys during the scan");
}

} // namespace

result<scan_position> scan_position_of(command_channel& channel, std::uint64_t cursor) {
  if (!channel.is_cluster())
    return scan_position{cursor, 0, 0};
  if (cursor == 0)
    return scan_position{0, layout_of(channel), 0};
  const scan_position position{cursor >> (server_bits + layout_bits), (cursor >> server_bits) % layouts,
                               static_cast<std::size_t>(cursor % most_servers)};
  if (position.server >= channel.servers())
    return moved();
  return position;
}

result<std::uint64_t> next_position(command_channel& channel, const scan_position& was, std::uint64_t next) {
  if (was.layout == 0)
    return next;
  auto position = was;
  position.cursor = next;
  if (next == 0) { // the end of this server
    if (layout_of(channel) != was.layout)
      return moved();
    if (++position.server == channel.servers())
      return std::uint64_t{0};
  }
  return (position.cursor << (server_bits + layout_bits)) | (position.layout << server_bits) |
         position.server;
}

} // namespace winnow
