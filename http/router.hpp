#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::http {

/// Documents a parameter for the OpenAPI document.
struct parameter_doc {
  std::string name;
  std::string in = "query"; ///< `path`, `query` or `header`.
  std::string description;
  std::string schema = R"({"type":"string"})"; ///< The schema as JSON text.
  bool required = false;                       ///< Always true for path parameters.
};

/// Documents a request body.
struct body_doc {
  std::string description;
  std::string schema;  ///< The name of a component schema, or JSON text that begins with `{`.
  std::string example; ///< JSON text; empty: no example.
  bool required = true;
  /// The handler says what is wrong with a body, or with none. Otherwise, a route that requires a body
  /// refuses a request that declares none with 411, and media types other than JSON with 415.
  bool checked_by_handler = false;
};

/// Documents an answer. Several answers may share a status if their media types differ.
struct response_doc {
  unsigned status = 200;
  std::string description;
  std::string schema;  ///< The name of a component schema, or JSON text that begins with `{`; empty: no body.
  std::string example; ///< JSON text, or plain text for other media types; empty: no example.
  std::string content_type = "application/json";
};

/// One operation: what it matches, its documentation, and its handler.
struct route {
  std::string method;  ///< `GET`, `POST`, …; GET also serves HEAD.
  std::string pattern; ///< `/recommend/{user_id}`: a parameter is one whole, non-empty segment.
  std::string summary;
  std::string description;
  std::vector<parameter_doc> parameters; ///< The router adds missing path parameters.
  std::optional<body_doc> request_body;
  std::vector<response_doc> responses;
  handler handle;
  bool always = false; ///< Answered even on a connection that is over a limit; for probes.
  /// Answered without a token if probes are, too; for pages that show no data.
  bool without_token = false;
};

/// The result of matching a method and a path.
struct route_match {
  enum class outcome {
    found,
    bad_path,  ///< The path has malformed percent-encoding, or contains NUL.
    not_found, ///< No route has this path.
    /// Routes have this path, but none has this method. Also returned for OPTIONS, which the session answers.
    method_not_allowed,
  };
  outcome what = outcome::not_found;
  const route* found = nullptr; ///< Set for `found`.
  name_values parameters;       ///< Set for `found`: decoded, in the pattern's order.
  std::string_view pattern;     ///< Set for `found` and `method_not_allowed`.
  std::string_view allow;       ///< Set for both: the methods of this path, e.g. `OPTIONS, GET, HEAD`.
};

/// The table of routes. Filled before the server starts and immutable from then on, so that the I/O threads
/// can read it without a lock.
class router {
public:
  /// Adds a route. Throws std::logic_error for bugs in the program: a pattern that does not start with `/`, a
  /// malformed parameter, a missing handler, the method HEAD or OPTIONS, or a method and pattern that exist
  /// already.
  void add(route added);

  /// Finds the route of a raw path. Literal segments have priority over parameters. The views in the result
  /// are valid as long as the router.
  route_match match(std::string_view method, std::string_view path) const;

  /// All routes, in the order in which they were added.
  const std::vector<route>& routes() const noexcept { return routes_; }

private:
  struct segment {
    std::string text; ///< The literal text, or the parameter's name.
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
  std::vector<location> locations_; ///< Sorted: literal segments before parameters.
};

} // namespace winnow::http
