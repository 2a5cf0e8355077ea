#pragma once

#include "tools/support/authority.hpp"
#include "tools/support/redis_cluster.hpp"
#include "tools/support/redis_server.hpp"
#include "tools/support/sentinel_group.hpp"
#include "tools/support/temp_dir.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// The forms of a store.
enum class store_form { memory, file, redis, tls, sentinel, cluster };

/// Its name, e.g. `sentinel`.
const char* to_string(store_form form) noexcept;

/// A store of one form with all its servers, empty and ready. All functions throw std::runtime_error if the
/// servers do not do what is requested.
class store_setup {
public:
  /// @param arguments Further ones of a single server. @param replicas Of each master of a cluster.
  explicit store_setup(store_form form, const std::vector<std::string>& arguments = {},
                       std::size_t replicas = 1);

  store_form form() const noexcept { return form_; }
  bool has_servers() const noexcept { return form_ != store_form::memory && form_ != store_form::file; }

  /// For winnowd: `--store`, and what the form needs besides.
  std::vector<std::string> flags() const;

  /// Of servers. Executes a command at the master that has its first key, `command[1]`.
  std::string call(const std::vector<std::string>& command);

  /// Of servers: all masters; the one of the key.
  std::vector<redis_server*> masters();
  redis_server& master_of(const std::string& key);

  redis_server& single() { return *single_; } ///< Of the forms `redis` and `tls`.
  sentinel_group& sentinels() { return *sentinels_; }
  redis_cluster& cluster() { return *cluster_; }

private:
  store_form form_;
  temp_dir directory_;
  std::optional<authority> authority_;
  std::uint16_t tls_port_ = 0;
  std::unique_ptr<redis_server> single_;
  std::unique_ptr<sentinel_group> sentinels_;
  std::unique_ptr<redis_cluster> cluster_;
};

} // namespace winnow
