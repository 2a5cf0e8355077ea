#include "running_server.hpp"

#include <stdexcept>

namespace winnow::http::test {

std::shared_ptr<router> test_routes() {
  auto routes = std::make_shared<router>();
  routes->add(
      simple_route("GET", "/health", [](const request&, const responder& respond) { respond(text("ok")); }));
  routes->add(simple_route("GET", "/echo/{value}", [](const request& asked, const responder& respond) {
    const auto query = asked.query_parameter("q");
    respond(text(std::string(query ? *query : asked.path_parameter("value"))));
  }));
  route body = simple_route(
      "POST", "/any", [](request asked, const responder& respond) { respond(text(std::move(asked.body))); });
  routes->add(body);
  body.pattern = "/json";
  body.request_body = body_doc{"", R"({"type":"object"})", "", true};
  routes->add(body);
  routes->add(simple_route("GET", "/throw",
                           [](const request&, const responder&) { throw std::runtime_error("broken"); }));
  return routes;
}

} // namespace winnow::http::test
