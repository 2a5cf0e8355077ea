#pragma once

#include "config/settings/values/admin_address.hpp"
#include "config/system/private_file.hpp"

#include <string>
#include <vector>

namespace winnow {

/// The file that holds the token for steering, so that winnowctl finds it by itself. Without a setting it is
/// beside the admin endpoint's Unix socket, or, named after the port, and after the address unless that is
/// 127.0.0.1 or stands for all, in the first of these directories that can be written to:
/// `$RUNTIME_DIRECTORY` (set by systemd), `$XDG_RUNTIME_DIR/winnow`, `/run/winnow`,
/// `/tmp/winnow-UID`.

/// Writes the token for the endpoint at `address`. @param file Empty: the places above. Fails if the file, or
/// all of the places, cannot be written to; the message names them.
result<private_file> write_admin_token(const admin_address& address, const std::string& file,
                                       const std::string& token);

/// The tokens of the daemons that may be at `address`, from the places above that this user can read. A file
/// may be left over from a daemon that was killed, so there can be several. @param file As above.
result<std::vector<std::string>> read_admin_tokens(const admin_address& address, const std::string& file);

} // namespace winnow
