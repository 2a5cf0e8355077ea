#pragma once

#include "actors/rest/rest_routes.hpp"

#include <vector>

/// What the descriptions of several routes have in common.
namespace winnow {

using http::parameter_doc;
using http::response_doc;

/// Passes each request on as a call.
http::handler pass(const call_sink& sink, http_call::kind what);

/// The same for requests that are traced.
/// @param traces Null: they are not.
http::handler pass_traced(const call_sink& sink, http_call::kind what, const tracer_ptr& traces);

/// Adds the headers by which a client says to which trace its request belongs.
std::vector<parameter_doc> with_trace_headers(std::vector<parameter_doc> parameters);

parameter_doc user_parameter();

/// The placement whose rules hold.
parameter_doc placement_parameter();

/// A body of wishes, of any media type: it is read if it looks like JSON.
/// @param required False: it may be missing.
http::body_doc query_body(const char* description, const char* schema, const char* example,
                          bool required = true);

response_doc error_doc(unsigned status, const char* description);
response_doc json_doc(unsigned status, const char* description, const char* schema, const char* example = "");

/// Adds the routes that answer with computed or stored lists.
void add_recommendation_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces);

/// Adds the routes that change items and erase users.
void add_change_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces);

/// Adds the routes that answer with items.
void add_item_routes(http::router& routes, const call_sink& sink, const tracer_ptr& traces);

} // namespace winnow
