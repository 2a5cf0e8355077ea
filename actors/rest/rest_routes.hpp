#pragma once

#include "actors/messages.hpp"
#include "actors/status/health_board.hpp"
#include "http/openapi.hpp"
#include "http/router.hpp"

#include <functional>
#include <memory>

namespace winnow {

/// Passes a call on to the actor that answers it. Called on an I/O thread; must not block.
using call_sink = std::function<void(http_call_ptr)>;

/// The whole REST interface: what it promises (the OpenAPI document is generated from this) and where each
/// request goes.
/// @param profile_writes Whether profiles can be written over HTTP: with the embedded store, which nobody
/// else can fill.
std::shared_ptr<const http::router> make_routes(const std::shared_ptr<const health_board>& health,
                                                const call_sink& pass_on, bool profile_writes);

} // namespace winnow
