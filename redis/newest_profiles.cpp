#include "redis/newest_profiles.hpp"

#include <algorithm>
#include <unordered_map>

namespace winnow {

namespace {

constexpr std::size_t keys_per_page = 1000;
constexpr std::size_t burst_size = 64;
constexpr std::size_t most_burst_bytes = 128u << 10U; // of each value; longer ones are read one by one

/// The newest key of each user, in the order of the users' ids.
result<std::vector<profile_key>> list_newest(profile_store& store, newest_profiles& found) {
  std::unordered_map<std::string, std::string> newest; // timestamp by user
  std::uint64_t cursor = 0;
  do {
    const auto page = store.scan(key_family::profiles, cursor, keys_per_page);
    if (!page)
      return tl::unexpected(page.error());
    for (const auto& name : page->keys) {
      const auto key = parse_profile_key(name);
      if (!key)
        continue;
      const auto [place, is_new] = newest.emplace(key->user_id, key->timestamp);
      if (is_new || place->second == key->timestamp)
        continue; // a scan may return a key twice
      ++found.older;
      if (is_newer(*key, {place->first, place->second}))
        place->second = key->timestamp;
    }
    cursor = page->next;
  } while (cursor != 0);
  std::vector<profile_key> keys;
  keys.reserve(newest.size());
  while (!newest.empty()) {
    auto one = newest.extract(newest.begin());
    keys.push_back({std::move(one.key()), std::move(one.mapped())});
  }
  std::sort(keys.begin(), keys.end(),
            [](const profile_key& a, const profile_key& b) { return a.user_id < b.user_id; });
  found.users = keys.size();
  return keys;
}

/// Whether an error of a command concerns its key alone.
bool is_of_key(const error& what) {
  return what.cause == fault::conflict || what.cause == fault::malformed || what.cause == fault::too_large;
}

result<void> pass_on(const profile_key& key, store_reply reply, const take_profile& take) {
  if (!reply)
    return is_of_key(reply.error()) ? take(key, tl::unexpected(reply.error()))
                                    : tl::unexpected(reply.error());
  if (!reply->value)
    return take(key, fail(fault::not_found, to_redis_key(key) + ": removed while it was about to be read"));
  auto parsed = parse_stored_profile(*reply->value);
  if (!parsed)
    return take(key, fail(parsed.error().cause, to_redis_key(key) + ": " + parsed.error().message));
  return take(key, std::move(*parsed));
}

result<void> read_large(profile_store& store, const profile_key& key, const take_profile& take) {
  const store_command whole = read_profile{key};
  return pass_on(key, std::move(store.execute({&whole, 1}).front()), take);
}

} // namespace

result<newest_profiles> read_newest_profiles(profile_store& store, const take_profile& take) {
  newest_profiles found;
  const auto keys = list_newest(store, found);
  if (!keys)
    return tl::unexpected(keys.error());
  std::vector<store_command> burst;
  for (std::size_t first = 0; first < keys->size(); first += burst_size) {
    const auto count = std::min(burst_size, keys->size() - first);
    burst.clear();
    for (std::size_t i = 0; i < count; ++i)
      burst.emplace_back(read_profile{(*keys)[first + i], false, most_burst_bytes});
    auto replies = store.execute(burst);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& key = (*keys)[first + i];
      auto taken = replies[i] && replies[i]->is_longer ? read_large(store, key, take)
                                                       : pass_on(key, std::move(replies[i]), take);
      if (!taken)
        return tl::unexpected(taken.error());
    }
  }
  return found;
}

} // namespace winnow
