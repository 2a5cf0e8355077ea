#pragma once

#include "redis/connection/reply.hpp"
#include "redis/profile_store.hpp"
#include "redis/store/key_rights.hpp"
#include "redis/store/store_use.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace winnow {

/// Private to this folder: what the last commands brought, for each use of the store. A refusal that
/// concerns one key says nothing about the use, and a node of a cluster that served one key says nothing of
/// the others. Not thread-safe.
class service_record {
public:
  using troubles = std::array<std::optional<store_trouble>, store_needs>;

  /// @param user The user of Redis; empty: the default user.
  explicit service_record(std::string_view user,
                          std::shared_ptr<key_rights> rights = std::make_shared<key_rights>())
      : user_(user.empty() ? "default" : user), rights_(std::move(rights)) {}

  /// Takes the reply to a command that the daemon needed.
  /// @param command Its name in upper case.
  void note(store_use use, std::string_view command, const redisReply& reply);

  /// Takes the reply to another command than that of the use: it tells of the right to the key only.
  void note_key(store_use use, const redisReply& reply);

  /// Takes the replies to a probe of keys of no user. Here, a refusal of the key counts as well, unless keys
  /// of users are served.
  /// @param replies To the command with different keys.
  void note_probe(store_use use, std::string_view command, gsl::span<const reply_ptr> replies);

  /// Whether a command of this kind succeeded since `begin_round`, and all is well.
  bool confirmed(store_use use) const;

  /// Forgets what was confirmed.
  void begin_round();

  /// A reply was lost or late. Until a reply to each need comes, nothing is known of the server.
  void doubt() { doubted_.fill(true); }

  /// Whether a need is still without a reply since then.
  bool is_in_doubt() const;

  /// Whether the server serves some keys only, so that a probe needs many keys.
  bool is_partial() const;

  const std::optional<store_trouble>& trouble(store_use use) const;

  /// For each need, the trouble of the first of its uses that has one.
  troubles all_troubles() const;

private:
  struct outcome {
    bool confirmed = false;
    bool partial = false;
    std::optional<store_trouble> trouble;
  };

  std::string words_for(store_use use, std::string_view command, std::string_view refusal_text) const;
  void set(store_use use, std::string_view command, std::string_view refusal_text);

  bool counts(store_use use, const redisReply& reply) const;
  static bool is_key_denied(const redisReply& reply);

  std::string user_;
  std::shared_ptr<key_rights> rights_; ///< Never null.
  std::array<outcome, store_uses> outcomes_{};
  std::array<bool, store_needs> doubted_{};
};

} // namespace winnow
