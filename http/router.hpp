#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::http {

/// Describes a parameter for the OpenAPI document.
struct parameter_doc {
  std::string name;
  std::string in = "query"; ///< `path`, `query` or `header`.
  std::string description;
  std::string schema = R"({"type":"string"})"; ///< JSON text of its schema.
  bool required = false;                       ///< Path parameters always are.
};

/// Describes a request body; a route that has one refuses other media types than JSON with 415.
struct body_doc {
  std::string description;
  std::string schema;   ///< The name of a component schema, or JSON text that begins with `{`.
  std::string example;  ///< JSON text; empty: none.
  bool required = true; ///< A request that declares no body at all is then refused with 411.
};

/// Describes an answer. Two of one status with different media types are both listed.
struct response_doc {
  unsigned status = 200;
  std::string description;
  std::string schema;  ///< The name of a component schema, or JSON text that begins with `{`; empty: no body.
  std::string example; ///< JSON text, or plain text for other media types; empty: none.
  std::string content_type = "application/json";
};

/// One operation: what it matches, what it promises, and what answers it.
struct route {
  std::string method;  ///< `GET`, `POST`, …; GET also serves HEAD.
  std::string pattern; ///< `/recommend/{user_id}`: a parameter is one whole, non-empty segment.
  std::string summary;
  std::string description;
  std::vector<parameter_doc> parameters; ///< A path parameter that is left out here is added by the router.
  std::optional<body_doc> request_body;
  std::vector<response_doc> responses;
  handler handle;
};

/// What a method and a path lead to.
struct route_match {
  enum class outcome {
    found,
    bad_path,           ///< Broken percent-encoding, or a NUL.
    not_found,          ///< No route has this path.
    method_not_allowed, ///< Routes have this path, none has this method. OPTIONS ends here: the session
                        ///< answers it.
  };
  outcome what = outcome::not_found;
  const route* found = nullptr; ///< With `found`.
  name_values parameters;       ///< With `found`: decoded, in the pattern's order.
  std::string_view pattern;     ///< With `found` and `method_not_allowed`.
  std::string_view allow;       ///< With both: the methods of this path, e.g. `GET, HEAD, OPTIONS`.
};

/// The table of routes. Filled before the server starts, then read by the I/O threads: immutable from there
/// on.
class router {
public:
  /// Throws std::logic_error for a pattern that does not start with `/`, a broken parameter, a missing
  /// handler, or a method and pattern that are there already: defects of the program, not of its input.
  void add(route added);

  /// Finds the route of a raw path. Literal segments go before parameters. Views stay valid with the router.
  route_match match(std::string_view method, std::string_view path) const;

  /// All routes in the order in which they were added.
  const std::vector<route>& routes() const noexcept { return routes_; }

private:
  struct segment {
    std::string text; ///< The literal, or the parameter's name.
    bool parameter = false;
  };
  struct location {
    std::string pattern;
    std::vector<segment> segments;
    std::vector<std::size_t> routes; ///< Indices into `routes_`.
    std::string allow;
  };

  location& location_of(const std::string& pattern);
  const location* find(const std::vector<std::string>& segments) const;

  std::vector<route> routes_;
  std::vector<location> locations_; ///< Most literal first.
};

} // namespace winnow::http
