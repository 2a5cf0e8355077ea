#pragma once

#include "actors/registry/model_registry.hpp"
#include "http/message.hpp"

#include <functional>
#include <memory>

namespace winnow {

/// Adds a route for operators; those whose method is not GET need the token.
using route_adder = std::function<void(const char* method, const char* pattern, http::handler handle)>;

/// Adds the routes that show and steer the versions of the models. All but loading is answered on the I/O
/// thread, so that an operator can roll back whatever the actors do.
/// @param registry Null: the routes answer 503.
void add_model_routes(const route_adder& add, const std::shared_ptr<model_registry>& registry);

} // namespace winnow
