#include "tools/winnowctl/all_replicas.hpp"

#include "tools/winnowctl/admin_reply.hpp"
#include "tools/winnowctl/reply_shapes.hpp"

#include <utility>

namespace winnow {

namespace {

using nlohmann::json;

/// @return The status, or the problem.
result<json> status_of(const std::string& id, const std::string& address, const admin_access& daemon,
                       const replica_question& ask) {
  if (address.empty())
    return fail(fault::unavailable, "it has no admin endpoint");
  const auto where = parse_admin_address(address);
  if (!where)
    return tl::unexpected<error>(where.error());
  auto one = daemon;
  one.where = *where;
  const auto answer = ask(one);
  if (!answer)
    return tl::unexpected<error>(answer.error());
  auto reply = read_reply(*answer, one, shape_of_status());
  if (!reply)
    return tl::unexpected<error>(reply.error());
  if (reply->refusal)
    return fail(fault::denied, address + ": " + *reply->refusal);
  auto body = std::move(reply->body);
  if (!body.contains("fleet") || body["fleet"].value("replica", "") != id)
    return fail(fault::unavailable, address + ": another daemon answers; the replica's endpoint is probably "
                                              "reachable from its own machine only (--admin)");
  return body;
}

} // namespace

std::vector<replica_status> ask_all_replicas(const json& first, const admin_access& daemon,
                                             const replica_question& ask) {
  std::vector<replica_status> all;
  for (const auto& one : first.at("fleet").at("replicas")) {
    replica_status asked{one.at("id").get<std::string>(), one.value("admin", ""), nullptr, {}};
    auto status = status_of(asked.id, asked.address, daemon, ask);
    if (status)
      asked.status = std::move(*status);
    else
      asked.problem = status.error().message;
    all.push_back(std::move(asked));
  }
  return all;
}

} // namespace winnow
