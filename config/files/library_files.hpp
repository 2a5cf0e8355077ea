#pragma once

#include "config/error.hpp"

#include <filesystem>

namespace winnow {

/// Files that a library opens by itself: OpenSSL and librdkafka wait at a FIFO for ever. What does not exist
/// is left to the library. Errors: `invalid_argument`, which names the file and its kind.

/// Fails if the path is that of a FIFO, a socket or a device.
result<void> check_library_file(const std::filesystem::path& file);

/// The same for a file with certificates of authorities, or for a directory with one in each `HASH.NUMBER`.
result<void> check_authorities(const std::filesystem::path& where);

/// The same for what the environment names in the place of the system's authorities: SSL_CERT_FILE and
/// SSL_CERT_DIR.
result<void> check_system_authorities();

} // namespace winnow
