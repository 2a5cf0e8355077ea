#pragma once

#include "http/message.hpp"

#include <string>

namespace winnow::http {

/// A page of the server's own, which may run only its own script and style, and connect only to this server.
/// @param nonce Of its script and style: unguessable, and another one each time.
response page_answer(std::string html, const std::string& nonce);

} // namespace winnow::http
