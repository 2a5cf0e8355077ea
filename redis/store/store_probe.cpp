#include "redis/store/store_probe.hpp"

#include "redis/connection/refusal.hpp"

#include <algorithm>
#include <random>

namespace winnow {
namespace {

// So many keys that a node hardly ever holds all of them, if it holds only some of the cluster's.
constexpr std::size_t wide_keys = 16;

constexpr std::string_view some_timestamp = "1700000000";

/// The error of the first refused command. All replies were noted before.
error failure_of(gsl::span<const reply_ptr> replies, const store_trouble& trouble) {
  const auto refused = std::find_if(replies.begin(), replies.end(),
                                    [](const reply_ptr& reply) { return reply->type == REDIS_REPLY_ERROR; });
  const auto cause = refused == replies.end() ? fault::internal : refusal_of(text_of(**refused)).cause;
  return {cause, trouble.server_says, trouble.reason};
}

} // namespace

const std::string& unlikely_user() {
  static const std::string user = [] {
    std::random_device source;
    return std::string(probe_user_prefix) + std::to_string(source()) + std::to_string(source());
  }();
  return user;
}

store_probe::store_probe(const service_record& service, const store_dialect& dialect, extent how) {
  for (const auto use : {store_use::profile_reads, store_use::list_reads, store_use::list_writes,
                         store_use::result_writes, store_use::scans}) {
    if ((service.confirmed(use) && !how.wide) || (use == store_use::result_writes && !how.results))
      continue;
    parts_.push_back({use, command_name(use, dialect), how.wide && use != store_use::scans ? wide_keys : 1});
    add(parts_.back(), dialect);
  }
}

void store_probe::add(const part& one, const store_dialect& dialect) {
  for (std::size_t i = 0; i < one.keys; ++i) {
    const std::string user = unlikely_user() + "-" + std::to_string(i);
    switch (one.use) {
    case store_use::profile_reads:
      encode(read_profile{{user, {}}, false}, dialect, batch_);
      break;
    case store_use::list_reads:
      encode(read_list{user}, dialect, batch_);
      break;
    case store_use::list_writes: // with XX, nothing is stored, as the key does not exist
      batch_.add({"SET", recommendations_key(user), "[]", "XX"});
      break;
    case store_use::result_writes:
      batch_.add({"SET", recommendation_result_key(user, some_timestamp), "[]", "XX"});
      break;
    case store_use::scans:
      batch_.add({"SCAN", "0", "MATCH", std::string(prefix_of(key_family::profiles)) + "*", "COUNT", "1"});
      break;
    }
  }
}

bool store_probe::adapt(store_dialect& dialect, gsl::span<const reply_ptr> replies) const {
  if (parts_.empty() || need_of(parts_.front().use) != store_need::reading)
    return false;
  return winnow::adapt(dialect, read_list{}, replies.subspan(0, 1));
}

result<void> store_probe::note(gsl::span<const reply_ptr> replies, service_record& service) const {
  result<void> outcome;
  for (const auto& one : parts_) {
    const auto mine = replies.subspan(0, one.keys);
    replies = replies.subspan(one.keys);
    service.note_probe(one.use, one.command, mine);
    const auto& trouble = service.trouble(one.use);
    if (trouble && outcome)
      outcome = tl::unexpected<error>(failure_of(mine, *trouble));
  }
  return outcome;
}

} // namespace winnow
