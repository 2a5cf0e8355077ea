#pragma once

#include "actors/rest/http_server.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// How long the store may take for a page of keys, or for commands on the connection for background work. It
/// takes milliseconds, but its turn comes after the background work that waits.
inline constexpr std::chrono::seconds background_patience{20};

/// Finds the profiles or results of one user, of any time, by looking at all keys of the store, a page at a
/// time, on the connection for background work. Lives as long as a page is awaited, on the HTTP server's
/// thread.
class user_key_search : public std::enable_shared_from_this<user_key_search> {
public:
  /// The timestamps in the keys, each once; empty for a key without one.
  using timestamps = std::vector<std::string>;
  /// Takes what was found, and why the search ended before its end, if it did.
  using taker = std::function<void(timestamps found, const std::optional<error>& failure)>;

  /// @param family `profiles` or `results`. @param take Called once.
  user_key_search(std::shared_ptr<deadline_watch<http_server_self>> watch, neighbours_ptr neighbours,
                  std::string user_id, key_family family, taker take);

  void run();

private:
  void look(std::uint64_t cursor);
  void note(const std::vector<std::string>& keys);
  void finish(const std::optional<error>& failure);

  const std::shared_ptr<deadline_watch<http_server_self>> watch_;
  const neighbours_ptr neighbours_;
  const std::string user_id_;
  const key_family family_;
  const taker take_;
  timestamps found_;
};

} // namespace winnow
