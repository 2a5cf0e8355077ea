#pragma once

#include "config/error.hpp"
#include "models/learning/state_bytes.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace winnow {

/// What a file of saved state begins with: a checksum of all that follows, and the number of its format. A
/// machine with the other byte order reads a different number. Blocking.

/// Writes a file. It is replaced as a whole; readers see the old or the new one.
/// @param format Change it with every change of what is saved.
result<void> write_state_frame(const std::filesystem::path& path, std::uint64_t format,
                               const state_writer& content);

/// A file of `write_state_frame`, in memory.
class state_frame {
public:
  /// @return `not_found` if there is no file; `malformed` if it is of another format; `too_large` if it has
  ///   more than `most_bytes`.
  static result<state_frame> read(const std::filesystem::path& path, std::uint64_t format,
                                  std::uint64_t most_bytes);

  /// What was written. Valid as long as the frame, which must not move meanwhile.
  state_reader content() const;

  /// @return `malformed` if the checksum does not match.
  result<void> check() const;

  /// Returns the error `malformed` with the file's name and a reason.
  tl::unexpected<error> refuse(const char* reason) const;

private:
  state_frame(std::filesystem::path path, std::string bytes)
      : path_(std::move(path)), bytes_(std::move(bytes)) {}
  std::string_view after_checksum() const;

  std::filesystem::path path_;
  std::string bytes_;
};

} // namespace winnow
