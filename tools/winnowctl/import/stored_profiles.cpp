#include "tools/winnowctl/import/stored_profiles.hpp"

#include "redis/records/profile.hpp"
#include "redis/store_factory.hpp"

namespace winnow {

namespace {

constexpr std::size_t burst_size = 256;

/// Sends profiles to the store in bursts.
class profile_writer {
public:
  explicit profile_writer(profile_store& store) : store_(store) {}

  result<void> add(const std::string& user, const std::vector<std::string_view>& items) {
    const profile_key key{user, ""};
    const auto read_back = parse_profile_key(to_redis_key(key));
    if (!read_back || !(*read_back == key)) {
      ++counts_.ambiguous;
      return {};
    }
    burst_.emplace_back(write_profile{key, to_json(items)});
    return burst_.size() < burst_size ? result<void>() : flush();
  }

  result<void> flush() {
    for (const auto& reply : store_.execute(burst_))
      if (!reply)
        return tl::unexpected(reply.error());
    counts_.stored += burst_.size();
    burst_.clear();
    return {};
  }

  const stored_profiles& counts() const { return counts_; }

private:
  profile_store& store_;
  std::vector<store_command> burst_;
  stored_profiles counts_;
};

} // namespace

result<stored_profiles> store_profiles(const imported_shop& shop, const store_address& where) {
  store_settings settings;
  settings.address = where;
  settings.command_timeout = std::chrono::seconds(10);
  const auto opened = open_store(settings);
  if (!opened)
    return tl::unexpected(opened.error());
  profile_writer writer(*opened->store);
  auto done = shop.each_history([&](const std::string& user, const std::vector<std::string_view>& items) {
    return writer.add(user, items);
  });
  if (done)
    done = writer.flush();
  if (!done)
    return tl::unexpected(done.error());
  return writer.counts();
}

} // namespace winnow
