#pragma once

#include <librdkafka/rdkafka.h>
#include <mutex>
#include <set>

namespace winnow {

/// Private to this folder: the sockets of a client of librdkafka, which can be shut from outside.
///
/// A client that was closed waits until the broker answers to its farewell. A broker answers requests in
/// their order, and a request to join waits for all other members; librdkafka waits 5 s for it. Without
/// its connections, it ends at once. Thread-safe.
class broker_sockets {
public:
  /// Makes the client of this configuration open its sockets here. Its opaque pointer must be an `Owner`.
  template<class Owner, broker_sockets Owner::*Sockets>
  static void watch(rd_kafka_conf_t* conf) {
    rd_kafka_conf_set_socket_cb(conf, [](int domain, int type, int protocol, void* opaque) {
      return (static_cast<Owner*>(opaque)->*Sockets).open(domain, type, protocol);
    });
    rd_kafka_conf_set_closesocket_cb(
        conf, [](int socket, void* opaque) { return (static_cast<Owner*>(opaque)->*Sockets).close(socket); });
  }

  /// Breaks all connections, and refuses further ones.
  void shut();

  int open(int domain, int type, int protocol); ///< As `socket`.
  int close(int socket);                        ///< As `close`.

private:
  std::mutex mutex_;
  std::set<int> open_;
  bool is_shut_ = false;
};

} // namespace winnow
