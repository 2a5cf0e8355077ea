#pragma once

#include "http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow::http::test {

/// An answer as received.
struct raw_answer {
  unsigned status = 0;
  name_values headers;
  std::string body;

  /// The value of a header, empty if it is missing. Fails the test if the header was sent twice.
  std::string header(std::string_view name) const;
  bool has(std::string_view name) const;
};

/// A client that sends exactly the given bytes. A wait of 20 s fails the test.
class raw_client {
public:
  explicit raw_client(std::uint16_t port);
  explicit raw_client(const std::string& unix_path);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  void send(std::string_view bytes);
  void finish_sending(); ///< Shuts down the sending direction.
  void disconnect();     ///< Resets the connection.

  /// Receives the next answer.
  /// @param to_head Whether it answers a HEAD: then it has no body, whatever its Content-Length.
  raw_answer receive(bool to_head = false);

  /// Receives exactly `count` bytes, or fewer if the connection ends first.
  std::string receive_bytes(std::size_t count);

  /// Sends a request and receives its answer.
  raw_answer ask(std::string_view bytes, bool to_head = false);

  /// Waits until the server closes the connection. Returns false if bytes arrive instead.
  bool is_closed();

private:
  bool fill(); ///< Receives more bytes. Returns false at the end of the connection.

  int socket_;
  std::string buffer_;
};

/// `GET target HTTP/1.1` with a Host, and with `lines` as further header lines.
std::string get(std::string_view target, std::string_view lines = {});

/// `POST target HTTP/1.1` with a Host, a JSON body, and with `lines` as further header lines.
std::string post(std::string_view target, std::string_view body, std::string_view lines = {});

} // namespace winnow::http::test
