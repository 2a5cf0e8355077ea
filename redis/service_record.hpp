#pragma once

#include "redis/profile_store.hpp"
#include "redis/reply.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace winnow {

/// Private to this folder: what the last commands brought, for each need of the daemon. A refusal that
/// concerns one key says nothing about the need, and a node of a cluster that served one key says nothing of
/// the others. Not thread-safe.
class service_record {
public:
  using troubles = std::array<std::optional<store_trouble>, store_needs>;

  /// @param user The user of Redis; empty: the default user.
  explicit service_record(std::string_view user) : user_(user.empty() ? "default" : user) {}

  /// Takes the reply to a command that the daemon needed.
  /// @param command Its name in upper case.
  void note(store_need need, std::string_view command, const redisReply& reply);

  /// Takes the replies to a probe of keys of no user. Here, a refusal of the key counts as well.
  /// @param replies To the command with different keys.
  void note_probe(store_need need, std::string_view command, gsl::span<const reply_ptr> replies);

  /// Whether a command of this kind succeeded since `begin_round`, and all is well.
  bool confirmed(store_need need) const;

  /// Forgets what was confirmed.
  void begin_round();

  /// Whether the server serves some keys only, so that a probe needs many keys.
  bool is_partial() const;

  const std::optional<store_trouble>& trouble(store_need need) const;
  const troubles& all_troubles() const noexcept { return troubles_; }

private:
  struct outcome {
    bool confirmed = false;
    bool partial = false;
  };

  std::string words_for(std::string_view command, std::string_view refusal_text) const;
  void set(store_need need, std::string_view command, std::string_view refusal_text);

  std::string user_;
  std::array<outcome, store_needs> outcomes_{};
  troubles troubles_{};
};

} // namespace winnow
