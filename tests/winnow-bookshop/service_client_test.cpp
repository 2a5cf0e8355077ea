#include "tools/winnow-bookshop/live/service_client.hpp"

#include "shop_doubles.hpp"
#include "support/certificate.hpp"
#include "support/free_port.hpp"
#include "support/temp_dir.hpp"
#include "support/wait_until.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

namespace winnow {

BOOST_AUTO_TEST_SUITE(the_service_client)

BOOST_AUTO_TEST_CASE(keeps_its_connection_and_replaces_one_that_the_server_closed) {
  test::link_double store;
  store.profiles["anna"] = {"1"};
  test::service_double service(store, {"1", "2"});
  service_client client(service.address);
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(client.ask("POST", "/recommend/anna")->status == 200U);
  BOOST_REQUIRE(test::wait_until([&] { return service.connections() == 0; })); // it closes idle ones
  BOOST_TEST(client.ask("POST", "/recommend/anna")->status == 200U);
  BOOST_TEST(service.accepted() >= 2U);
  BOOST_TEST(client.ask("POST", "/recommend/nobody")->status == 404U);
}

BOOST_AUTO_TEST_CASE(keeps_an_encrypted_connection_too) {
  const test::certificate own;
  test::link_double store;
  store.profiles["anna"] = {"1"};
  test::service_double service(store, {"1", "2"}, own.file());
  service.address.ca = own.file();
  service_client client(service.address);
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(client.ask("POST", "/recommend/anna").value().status == 200U);
  BOOST_TEST(service.accepted() == 1U);
  BOOST_REQUIRE(test::wait_until([&] { return service.connections() == 0; }));
  BOOST_TEST(client.ask("POST", "/recommend/anna").value().status == 200U);
}

BOOST_AUTO_TEST_CASE(accepts_no_certificate_of_strangers_or_of_other_hosts) {
  const test::certificate own, stranger;
  test::link_double store;
  test::service_double service(store, {"1", "2"}, own.file());
  const auto outcome_with = [&](const std::string& host, const std::string& ca) {
    auto address = service.address;
    address.host = host;
    address.ca = ca;
    const auto answer = service_client(address).ask("POST", "/recommend/anna");
    return answer ? std::string("answered") : answer.error().message;
  };
  BOOST_TEST(outcome_with("localhost", own.file()) == "answered");
  for (const auto& refused : {outcome_with("127.0.0.1", stranger.file()), outcome_with("127.0.0.1", {}),
                              outcome_with("127.1", own.file())})
    BOOST_TEST(refused.find("certificate verify failed") != std::string::npos, refused);
  BOOST_TEST(outcome_with("127.0.0.1", "/nowhere").find("cannot read certificates from /nowhere: ") == 0U);
  const test::temp_dir dir;
  const auto fifo = dir.path() + "/fifo";
  BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
  BOOST_TEST(outcome_with("127.0.0.1", fifo) ==
             "cannot read certificates from " + fifo + ": " + fifo + ": expected a regular file, got a FIFO");
}

BOOST_AUTO_TEST_CASE(names_the_address_that_does_not_answer) {
  service_address nowhere;
  nowhere.host = "127.0.0.1";
  nowhere.port = test::free_port();
  service_client client(nowhere);
  const auto answer = client.ask("GET", "/");
  BOOST_REQUIRE(!answer);
  BOOST_TEST((answer.error().cause == fault::unavailable));
  BOOST_TEST(answer.error().message.find("no winnowd answers at " + to_string(nowhere) + ": ") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
