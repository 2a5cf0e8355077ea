#pragma once

#include "redis/connection/command_batch.hpp"
#include "redis/store/service_record.hpp"
#include "redis/store/store_protocol.hpp"

#include <string>
#include <vector>

namespace winnow {

/// The id of a user that no shop has, the same for the whole process.
const std::string& unlikely_user();

/// Private to this folder: one round of commands that the server treats like the real ones, but that change
/// nothing, because their keys do not exist.
class store_probe {
public:
  /// What a probe asks for.
  struct extent {
    bool wide = false;    ///< Many keys and every use, because the server may be one node of a cluster.
    bool results = false; ///< The lists of profiles with a timestamp, too, because there are such profiles.
  };

  /// @param service Leaves out the uses that it has confirmed.
  store_probe(const service_record& service, const store_dialect& dialect, extent how);

  const command_batch& commands() const noexcept { return batch_; }

  /// As for commands: whether the dialect has changed, so that another probe is needed.
  bool adapt(store_dialect& dialect, gsl::span<const reply_ptr> replies) const;

  /// Notes all replies. Returns the first failure.
  result<void> note(gsl::span<const reply_ptr> replies, service_record& service) const;

private:
  struct part {
    store_use use;
    std::string_view command;
    std::size_t keys;
  };

  void add(const part& one, const store_dialect& dialect);

  std::vector<part> parts_;
  command_batch batch_;
};

} // namespace winnow
