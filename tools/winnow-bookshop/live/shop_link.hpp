#pragma once

#include "config/error.hpp"
#include "tools/winnow-bookshop/live/service_client.hpp"

#include <gsl/span>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

using item_ids = std::vector<std::string>;

/// The profile of a reader: books, oldest first.
struct reader_profile {
  std::string reader;
  item_ids books;
};

/// Where a live shop writes the profiles of its readers and reads their lists. Used by one thread; calls
/// wait. Errors name the address.
class shop_link {
public:
  shop_link() = default;
  shop_link(const shop_link&) = delete;
  shop_link& operator=(const shop_link&) = delete;
  virtual ~shop_link() = default;

  /// The stored profiles, in the order of the readers; nullopt for those who have none. Fails if any cannot
  /// be read.
  virtual result<std::vector<std::optional<item_ids>>>
  read_profiles(gsl::span<const std::string> readers) = 0;

  /// Fails if any profile is not confirmed.
  virtual result<void> write_profiles(gsl::span<const reader_profile> profiles) = 0;

  /// The list that winnowd stored for the reader; nullopt if there is none.
  virtual result<std::optional<item_ids>> read_list(const std::string& reader) = 0;

  /// Removes the profiles and lists of these readers.
  virtual result<void> forget(gsl::span<const std::string> readers) = 0;

  /// Whether winnowd reads a profile as soon as it is written.
  virtual bool is_immediate() const noexcept { return true; }

  virtual const std::string& address() const = 0; ///< For people, without the password.
};

/// What `--live` names.
struct live_address {
  enum class kind { redis, http, kafka };
  kind transport = kind::http;
  std::string text;
};

/// Parses `redis://…`, `unix://…`, `http[s]://host:port` or `kafka://host:port/topic`. Errors say which forms
/// there are.
result<live_address> parse_live_address(const std::string& text);

/// Opens the link. Never waits for a connection: the first call does.
/// @param service The winnowd that reads from Kafka; of a link over HTTP, only its token and
/// authorities count.
result<std::unique_ptr<shop_link>> open_shop_link(const live_address& address,
                                                  const service_address& service);

} // namespace winnow
