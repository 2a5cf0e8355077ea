#include "http/access/access_policy.hpp"

#include <boost/test/unit_test.hpp>

using winnow::http::access_policy;
using winnow::http::request;

namespace {

request from(std::string host, std::string origin = {}, std::string authorization = {}) {
  request asked;
  asked.method = "POST";
  asked.host = std::move(host);
  asked.origin = std::move(origin);
  asked.authorization = std::move(authorization);
  return asked;
}

/// The status of the refusal; 0 if the request is allowed.
unsigned status(const access_policy& policy, const request& asked) {
  const auto refused = policy.refuse(asked);
  return refused ? refused->status : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(access_policy_suite)

BOOST_AUTO_TEST_CASE(a_local_endpoint_accepts_only_loopback_hosts) {
  const access_policy local("", true);
  for (const char* host :
       {"127.0.0.1:8002", "127.0.0.1", "localhost:8002", "LocalHost:8002", "[::1]:8002", "127.1.2.3:1"})
    BOOST_TEST(status(local, from(host)) == 0u, host);
  for (const char* host :
       {"evil.example:8002", "127.0.0.1.evil.example:8002", "192.168.0.1:8002", "", "[::2]", "["})
    BOOST_TEST(status(local, from(host)) == 403u, host);
  const access_policy open("secret", false);
  BOOST_TEST(status(open, from("winnow.internal:8002", "", "Bearer secret")) == 0u);
}

BOOST_AUTO_TEST_CASE(pages_of_other_origins_are_refused) {
  const access_policy local("", true);
  BOOST_TEST(status(local, from("127.0.0.1:8002", "http://127.0.0.1:8002")) == 0u);
  for (const char* origin :
       {"http://evil.example", "http://127.0.0.1:8001", "http://localhost:8002", "null", "://"})
    BOOST_TEST(status(local, from("127.0.0.1:8002", origin)) == 403u, origin);
}

BOOST_AUTO_TEST_CASE(requests_that_browsers_mark_as_foreign_are_refused) {
  const access_policy local("", true);
  request asked = from("127.0.0.1:8002");
  for (const char* site : {"", "same-origin", "none"}) {
    asked.fetch_site = site;
    BOOST_TEST(status(local, asked) == 0u, site);
  }
  for (const char* site : {"cross-site", "same-site"}) { // Another port of this machine is the same site.
    asked.fetch_site = site;
    BOOST_TEST(status(local, asked) == 403u, site);
  }
}

BOOST_AUTO_TEST_CASE(a_page_needs_a_loopback_host_but_no_token) {
  const access_policy guarded("secret", true);
  request asked = from("127.0.0.1:8002");
  asked.fetch_site = "cross-site"; // As when the user follows a link to it.
  BOOST_TEST(!guarded.refuse_page(asked));
  BOOST_TEST(guarded.refuse_page(from("evil.example:8002"))->status == 403u);
}

BOOST_AUTO_TEST_CASE(the_token_is_required) {
  const access_policy guarded("secret", true);
  BOOST_TEST(status(guarded, from("localhost", "", "Bearer secret")) == 0u);
  BOOST_TEST(status(guarded, from("localhost", "", "bearer  secret")) == 0u);
  for (const char* wrong :
       {"", "secret", "Bearer", "Bearer ", "Bearer secre", "Bearer secrets", "Bearer SECRET", "Basic secret"})
    BOOST_TEST(status(guarded, from("localhost", "", wrong)) == 401u, wrong);
  const auto refused = guarded.refuse(from("localhost"));
  BOOST_TEST(refused->headers.front().first == "WWW-Authenticate");
  BOOST_TEST(refused->body.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_token_is_as_good_if_one_is_required) {
  access_policy guarded("secret", true);
  guarded.also_accept("made");
  for (const char* right : {"Bearer secret", "Bearer made"})
    BOOST_TEST(status(guarded, from("localhost", "", right)) == 0u, right);
  for (const char* wrong : {"", "Bearer ", "Bearer secretmade"})
    BOOST_TEST(status(guarded, from("localhost", "", wrong)) == 401u, wrong);
  guarded.also_accept("");
  BOOST_TEST(status(guarded, from("localhost", "", "Bearer ")) == 401u);
  access_policy open("", true);
  open.also_accept("made");
  BOOST_TEST(status(open, from("localhost")) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
