#pragma once

#include "actors/rest/http_server.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Erases what is known about a user: the profiles of any time, the lists and their records, the record of
/// events, and what was learned that names the user. First looks at all keys of the store, a page at a time,
/// on the connection for background work. Lives as long as a request is pending, on the HTTP server's thread.
class user_erasure : public std::enable_shared_from_this<user_erasure> {
public:
  /// @param newest The timestamp of the user's newest profile, as far as it is known; empty: none.
  /// @param forget Forgets the user, too, wherever this process remembers users; may be empty.
  user_erasure(std::shared_ptr<deadline_watch<http_server_self>> watch, neighbours_ptr neighbours,
               http_call_ptr call, std::string newest, user_forgetter forget);

  void run();

private:
  void find(key_family family, std::vector<std::string>& into, std::function<void()> next);
  void read_rest();
  std::vector<store_command> removal() const;
  void erase();
  void erase_in_part(const error& why);
  void forget();
  void share(std::uint64_t learned);
  void answer(std::uint64_t learned, bool others_told);
  void fail_with(const error& why);
  template<class Next>
  void execute(const char* step, std::vector<store_command> commands, Next next,
               std::optional<fault> harmless = std::nullopt);

  const std::shared_ptr<deadline_watch<http_server_self>> watch_;
  const neighbours_ptr neighbours_;
  const http_call_ptr call_;
  const std::string user_id_;
  const std::string newest_;
  const user_forgetter forget_;
  std::vector<std::string> profiles_, results_; ///< Their timestamps; empty: none.
  bool has_list_ = false, has_events_ = false;
  std::optional<error> unlisted_; ///< Why not all keys could be listed; nullopt if they could.
  traced_step listing_;           ///< All pages.
};

} // namespace winnow
