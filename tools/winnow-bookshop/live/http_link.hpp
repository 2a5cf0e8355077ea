#pragma once

#include "tools/winnow-bookshop/live/service_client.hpp"
#include "tools/winnow-bookshop/live/shop_link.hpp"

namespace winnow {

/// Profiles and lists through the REST endpoints of a winnowd with an embedded store.
class http_link final : public shop_link {
public:
  explicit http_link(service_address address) : client_(std::move(address)) {}

  result<std::vector<std::optional<item_ids>>> read_profiles(gsl::span<const std::string> readers) override;
  result<void> write_profiles(gsl::span<const reader_profile> profiles) override;
  result<std::optional<item_ids>> read_list(const std::string& reader) override;
  result<void> forget(gsl::span<const std::string> readers) override;
  const std::string& address() const override { return client_.address(); }

  /// Has winnowd erase the readers, whatever its store is. @return How many profiles there were.
  result<std::size_t> erase_users(gsl::span<const std::string> readers);

private:
  result<void> profile_request(const std::string& method, const std::string& reader, const std::string& body);

  service_client client_;
};

} // namespace winnow
