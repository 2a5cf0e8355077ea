#pragma once

#include "config/settings/values/store_address.hpp"
#include "redis/profile_store.hpp"
#include "tools/winnow-bookshop/live/shop_link.hpp"

namespace winnow {

/// Profiles and lists in a Redis server, under the keys that Winnow documents: `user_profile:{id}` and
/// `recommendations:{id}`.
class redis_link final : public shop_link {
public:
  /// @param store A Redis server's.
  redis_link(std::unique_ptr<profile_store> store, std::string address)
      : store_(std::move(store)), address_(std::move(address)) {}

  /// @param address Of a Redis server. Never waits for a connection: the first call does.
  static result<std::unique_ptr<shop_link>> open(const store_address& address);

  result<std::vector<std::optional<item_ids>>> read_profiles(gsl::span<const std::string> readers) override;
  result<void> write_profiles(gsl::span<const reader_profile> profiles) override;
  result<std::optional<item_ids>> read_list(const std::string& reader) override;
  result<void> forget(gsl::span<const std::string> readers) override;
  const std::string& address() const override { return address_; }

private:
  result<void> write_all(const std::vector<store_command>& commands);

  std::unique_ptr<profile_store> store_;
  std::string address_;
};

} // namespace winnow
