#include "http/router.hpp"

#include "running_server.hpp"

#include <stdexcept>

namespace winnow::http::test {

namespace {

using outcome = route_match::outcome;

void nothing(const request& /*asked*/, const responder& /*respond*/) {}

router sample() {
  router routes;
  routes.add(simple_route("GET", "/users/{user_id}", nothing));
  routes.add(simple_route("GET", "/users/me", nothing));
  routes.add(simple_route("POST", "/users/{user_id}", nothing));
  routes.add(simple_route("GET", "/users/{user_id}/items/{item_id}", nothing));
  return routes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(routing)

BOOST_AUTO_TEST_CASE(parameters_are_decoded_segments) {
  const router routes = sample();
  const auto match = routes.match("GET", "/users/a%2Fb%20c/items/%C3%A9:+1");
  BOOST_REQUIRE((match.what == outcome::found));
  BOOST_TEST(match.found->pattern == "/users/{user_id}/items/{item_id}");
  const name_values expected{{"user_id", "a/b c"}, {"item_id", "\xC3\xA9:+1"}};
  BOOST_TEST((match.parameters == expected));
}

BOOST_AUTO_TEST_CASE(literal_segments_have_priority) {
  const router routes = sample();
  BOOST_TEST(routes.match("GET", "/users/me").pattern == "/users/me");
  BOOST_TEST(routes.match("GET", "/users/%6de").pattern == "/users/me");
  BOOST_TEST(routes.match("GET", "/users/you").pattern == "/users/{user_id}");
}

BOOST_AUTO_TEST_CASE(other_paths_are_not_found) {
  const router routes = sample();
  for (const char* path : {"/", "/users", "/users/", "/users/a/", "/users/a/items", "/users//items/b",
                           "//users/a", "/Users/a", "/users/a/items/b/c"})
    BOOST_TEST((routes.match("GET", path).what == outcome::not_found), path);
}

BOOST_AUTO_TEST_CASE(other_methods_get_the_allowed_ones) {
  const router routes = sample();
  const auto match = routes.match("DELETE", "/users/a");
  BOOST_TEST((match.what == outcome::method_not_allowed));
  BOOST_TEST(match.allow == "OPTIONS, GET, HEAD, POST");
  BOOST_TEST(match.pattern == "/users/{user_id}");
  BOOST_TEST(!match.found);
}

BOOST_AUTO_TEST_CASE(head_is_served_by_get) {
  const router routes = sample();
  BOOST_TEST((routes.match("HEAD", "/users/me").what == outcome::found));
}

BOOST_AUTO_TEST_CASE(malformed_escapes_and_nul_are_bad_paths) {
  const router routes = sample();
  for (const char* path : {"/users/%", "/users/%4", "/users/%zz", "/users/a%00b", "/users/%%41"})
    BOOST_TEST((routes.match("GET", path).what == outcome::bad_path), path);
}

BOOST_AUTO_TEST_CASE(invalid_routes_throw) {
  router routes = sample();
  BOOST_CHECK_THROW(routes.add(simple_route("GET", "/users/me", nothing)), std::logic_error);
  BOOST_CHECK_THROW(routes.add(simple_route("GET", "users", nothing)), std::logic_error);
  BOOST_CHECK_THROW(routes.add(simple_route("GET", "/a/x{b}", nothing)), std::logic_error);
  BOOST_CHECK_THROW(routes.add(simple_route("HEAD", "/a", nothing)), std::logic_error);
  BOOST_CHECK_THROW(routes.add(simple_route("GET", "/a", nullptr)), std::logic_error);
}

BOOST_AUTO_TEST_CASE(path_parameters_are_documented_automatically) {
  const router routes = sample();
  const auto& documented = routes.routes()[3].parameters;
  BOOST_REQUIRE_EQUAL(documented.size(), 2U);
  BOOST_TEST(documented[1].name == "item_id");
  BOOST_TEST(documented[1].required);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow::http::test
