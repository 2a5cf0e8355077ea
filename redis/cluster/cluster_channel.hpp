#pragma once

#include "redis/backoff.hpp"
#include "redis/cluster/slot_table.hpp"
#include "redis/connection/command_channel.hpp"
#include "redis/connection/reply_stream.hpp"
#include "redis/transport/poll_group.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Private to this folder and its parent: takes each command to the master that holds its key, with one
/// pipeline a master. Follows slots that have moved (MOVED) or are moving (ASK). A command whose master
/// cannot be reached or serves nothing at present gets a `node_failure`; those of other masters are answered.
class cluster_channel final : public command_channel {
public:
  /// Asks for the slots.
  /// @param places Nodes to ask; afterwards also those found. Outlives the channel.
  static result<std::unique_ptr<command_channel>>
  open(const store_settings& settings, std::vector<store_place>& places, reply_stream::time_limits limits);

  void send(const command_batch& commands, receiver take) override;
  void send_to(std::size_t server, const command_batch& commands, receiver take) override;
  std::size_t servers() const noexcept override { return table_.masters.size(); }
  bool is_cluster() const noexcept override { return true; }
  std::uint64_t layout() override;
  result<void> move() override;
  void abandon(const error& reason) override;
  bool empty() const noexcept override { return under_way_ == 0; }
  bool idle() override { return !lost_; }
  int descriptor() const noexcept override;
  short events() const noexcept override;
  clock::time_point due() const override;

private:
  /// What one receiver waits for.
  struct batch {
    receiver take;
    std::vector<reply_ptr> replies;
    std::size_t missing;
  };

  /// One command of a batch.
  struct part {
    std::shared_ptr<batch> of;
    std::size_t index;
    std::string command; ///< Encoded.
    std::uint16_t slot;
    int redirections = 0;
    bool asking = false; ///< The slot is being moved to the node.
  };
  using parts = std::vector<part>;

  struct node {
    store_place place;
    std::optional<reply_stream> stream;
    backoff pauses;
    error last_error = {};
    bool moving = false; ///< The stream must stay.
  };

  cluster_channel(const store_settings& settings, std::vector<store_place>& places,
                  reply_stream::time_limits limits);

  std::shared_ptr<batch> begin(const command_batch& commands, receiver take);
  node& node_at(const store_place& place);
  void dispatch(node& at, parts what);
  result<void> connect(node& at);
  void take(const node& from, parts& what, redis_connection::answers answers);
  bool is_redirected(part& one, const redisReply& reply);
  void settle(part& one, reply_ptr reply);
  static reply_ptr of_node(const node& from, reply_ptr reply);
  void refuse(parts& what, const std::string& text);
  void lose(node& at, const error& reason);
  void refresh();
  void adopt(slot_table table);

  store_settings settings_;
  std::vector<store_place>& places_;
  reply_stream::time_limits limits_;
  slot_table table_;
  std::uint64_t layout_ = 0;
  bool stale_ = false; ///< The table may be out of date.
  clock::time_point next_refresh_{};
  std::map<std::string, node> nodes_; ///< By place.
  std::size_t under_way_ = 0;         ///< Batches.
  std::optional<error> lost_;         ///< No node can be reached.
  std::optional<error> abandoned_;    ///< The channel is of no use any more.
  poll_group sockets_;
};

/// Takes the commands to the cluster and waits for all replies, for at most the timeouts of the settings.
/// @param places As of `cluster_channel::open`.
redis_connection::answers exchange_in_cluster(const store_settings& settings,
                                              std::vector<store_place>& places,
                                              const command_batch& commands);

} // namespace winnow
