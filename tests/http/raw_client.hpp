#pragma once

#include "http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow::http::test {

/// An answer as it came over the wire.
struct raw_answer {
  unsigned status = 0;
  name_values headers;
  std::string body;

  /// The value of a header, empty where it is missing; fails the test where it came twice.
  std::string header(std::string_view name) const;
  bool has(std::string_view name) const;
};

/// A client that sends exactly the bytes it is given. Each wait ends after 20 s with a failed test.
class raw_client {
public:
  explicit raw_client(std::uint16_t port);
  explicit raw_client(const std::string& unix_path);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  void send(std::string_view bytes);
  void finish_sending(); ///< Shuts down this direction.
  void disconnect();     ///< Resets the connection.

  /// The next answer; `to_head`: one without a body, whatever its Content-Length says.
  raw_answer receive(bool to_head = false);

  /// Exactly so many bytes; fewer where the connection ends before.
  std::string receive_bytes(std::size_t count);

  /// One request, one answer.
  raw_answer ask(std::string_view bytes, bool to_head = false);

  /// Waits for the server's end of the connection. False where bytes came instead.
  bool is_closed();

private:
  bool fill(); ///< False at the end.

  int socket_;
  std::string buffer_;
};

/// `GET target HTTP/1.1` with a Host and further header lines.
std::string get(std::string_view target, std::string_view lines = {});

/// `POST target HTTP/1.1` with a JSON body.
std::string post(std::string_view target, std::string_view body, std::string_view lines = {});

} // namespace winnow::http::test
