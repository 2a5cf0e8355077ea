#pragma once

#include "models/files/input_file.hpp"

#include <memory>
#include <string>

struct z_stream_s; // of zlib

namespace winnow {

/// Private to `text_file`: what a file holds, unpacked on the fly if it begins with the two bytes of gzip,
/// and as it is if not. Several gzip members, one after the other, are one text. Zeros behind them are left
/// out, which tapes need. Blocking; one thread at a time.
class gzip_data {
public:
  /// @param name Of the file, for messages.
  explicit gzip_data(std::string name);

  /// Fills `into` with up to `capacity` bytes and returns how many: fewer only at the end, then 0.
  /// @param file The same in each call; read from front to back, so it may be a pipe.
  /// @return `malformed` if gzip data is damaged or truncated, or if something else follows it.
  result<std::size_t> read(input_file& file, char* into, std::size_t capacity);

private:
  enum class place { beginning, plain, member, behind_member, end };

  struct closer {
    void operator()(z_stream_s* stream) const;
  };

  result<void> refill(input_file& file);
  result<void> step(input_file& file);
  result<void> unpack(input_file& file);
  bool begins_member() const;
  result<void> copy_plain(input_file& file);
  result<void> expect_nothing_more(input_file& file);

  std::string name_;
  std::unique_ptr<z_stream_s, closer> stream_; ///< Holds what is packed and where to unpack it to.
  std::string packed_;                         ///< Bytes of the file.
  bool is_read_ = false;                       ///< Whether the file has no more bytes.
  place place_ = place::beginning;
};

} // namespace winnow
