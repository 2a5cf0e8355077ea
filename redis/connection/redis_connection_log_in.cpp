#include "redis/connection/redis_connection.hpp"
#include "redis/connection/refusal.hpp"

#include <string>
#include <string_view>

// What a connection asks first: to be let in, and what the server is.

namespace winnow {

result<void> redis_connection::log_in(const store_address& where, role wanted, clock::time_point deadline) {
  command_batch commands;
  const bool auth = !where.password.empty();
  const bool select = where.database != 0;
  if (auth && where.user.empty())
    commands.add({"AUTH", where.password});
  else if (auth)
    commands.add({"AUTH", where.user, where.password});
  if (select)
    commands.add({"SELECT", std::to_string(where.database)});
  if (wanted != role::any)
    commands.add({"ROLE"});
  commands.add({"CLIENT", "SETNAME", "winnow"});

  const auto outcome = exchange(commands, deadline);
  // A server that is full or protected sends one error reply and hangs up. That reply says more than the
  // hang-up.
  const auto refused = [&](std::size_t index, std::string_view step,
                           fault in_place_of_unsupported) -> result<void> {
    if (index >= outcome.replies.size())
      return tl::unexpected<error>(*outcome.lost);
    auto accepted = as_status(step, *outcome.replies[index]);
    if (accepted)
      return accepted;
    auto& why = accepted.error();
    why.message.insert(0, address_ + ": "); // not in the public message
    if (why.cause == fault::unsupported)
      why.cause = in_place_of_unsupported;
    return accepted;
  };

  std::size_t index = 0;
  if (auth) {
    if (auto accepted = refused(index++, "AUTH", fault::denied); !accepted)
      return accepted;
  }
  if (select) {
    if (auto accepted = refused(index++, "SELECT " + std::to_string(where.database), fault::invalid_argument);
        !accepted)
      return accepted;
  }
  if (wanted != role::any) {
    if (index >= outcome.replies.size())
      return tl::unexpected<error>(*outcome.lost);
    if (auto accepted = check_role(wanted, *outcome.replies[index++]); !accepted)
      return accepted;
  }
  auto named = refused(index, "CLIENT SETNAME", fault::unsupported);
  // The name only helps readers of CLIENT LIST, so a user or server that does not allow it is accepted.
  if (!named && index < outcome.replies.size() &&
      (named.error().cause == fault::unsupported ||
       begins_with_word(text_of(*outcome.replies[index]), "NOPERM")))
    return {};
  return named;
}

/// A user who may not ask for the role is served all the same.
result<void> redis_connection::check_role(role wanted, const redisReply& reply) const {
  if (reply.type != REDIS_REPLY_ARRAY || reply.elements == 0)
    return {};
  const auto is = text_of(*reply.element[0]);
  constexpr std::size_t state_of_link = 3; // after the role, and the master's host and port
  const bool is_linked =
      reply.elements > state_of_link && text_of(*reply.element[state_of_link]) == "connected";
  if (wanted == role::master ? is == "master" : is == "slave" && is_linked)
    return {};
  return broken(fault::unavailable, wanted == role::master
                                        ? "this server is not the master at present"
                                        : "this server is not a replica in order at present");
}

} // namespace winnow
