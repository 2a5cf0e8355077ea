#pragma once

#include "actors/http_messages.hpp"
#include "actors/status/health_board.hpp"
#include "actors/tracing/tracer.hpp"
#include "http/openapi.hpp"
#include "http/router.hpp"

#include <functional>
#include <memory>

namespace winnow {

/// Passes a call on to the actor that answers it. Called on I/O threads; must not block.
using call_sink = std::function<void(http_call_ptr)>;

/// Builds the routes of the REST API with their documentation, from which the OpenAPI document is generated.
/// @param profile_writes Whether profiles can be written over HTTP. Needed for the embedded store, which
/// cannot be filled in any other way.
/// @param tokens Which requests need a token, for the document; the server checks it.
/// @param traces Null: requests are not traced.
std::shared_ptr<const http::router> make_routes(const std::shared_ptr<const health_board>& health,
                                                const call_sink& pass_on, bool profile_writes,
                                                http::token_need tokens = http::token_need::of_none,
                                                const tracer_ptr& traces = nullptr);

} // namespace winnow
