#include "redis/connection/node_failure.hpp"
#include "redis/connection/refusal.hpp"
#include "redis/connection/reply.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace winnow;

namespace {

struct error_case {
  const char* text;
  fault cause;
};

std::ostream& operator<<(std::ostream& out, const error_case& sample) {
  return out << sample.text;
}

const error_case error_cases[] = {
    {"WRONGTYPE Operation against a key holding the wrong kind of value", fault::conflict},
    {"LOADING Redis is loading the dataset in memory", fault::unavailable},
    {"MASTERDOWN Link with MASTER is down", fault::unavailable},
    {"CLUSTERDOWN The cluster is down", fault::unavailable},
    {"BUSY Redis is busy running a script.", fault::unavailable},
    {"TRYAGAIN Multiple keys request during rehashing of slot", fault::unavailable},
    {"READONLY You can't write against a read only replica.", fault::unavailable},
    {"MISCONF Redis is configured to save RDB snapshots", fault::unavailable},
    {"NOREPLICAS Not enough good replicas to write.", fault::unavailable},
    {"OOM command not allowed when used memory > 'maxmemory'.", fault::overloaded},
    {"ERR max number of clients reached", fault::overloaded},
    {"ERR max number of clients + cluster connections reached", fault::overloaded},
    {"NOAUTH Authentication required.", fault::denied},
    {"WRONGPASS invalid username-password pair or user is disabled.", fault::denied},
    {"NOPERM this user has no permissions to run the 'get' command", fault::denied},
    {"DENIED Redis is running in protected mode", fault::denied},
    {"MOVED 3999 127.0.0.1:6381", fault::unsupported},
    {"ASK 3999 127.0.0.1:6381", fault::unsupported},
    {"ERR unknown command 'GETRANGE'", fault::unsupported},
    {"OOMPH", fault::unsupported},
    {"", fault::unsupported},
};

} // namespace

BOOST_AUTO_TEST_SUITE(reply_suite)

BOOST_DATA_TEST_CASE(classifies_error_replies_by_their_first_word,
                     boost::unit_test::data::make(error_cases)) {
  BOOST_TEST(to_string(refusal_of(sample.text).cause) == to_string(sample.cause));
}

BOOST_AUTO_TEST_CASE(names_the_key_in_the_message) {
  const auto refused = error_from_reply("user_profile:u", "OOM command not allowed");
  BOOST_TEST(refused.message == "user_profile:u: OOM command not allowed");
}

BOOST_AUTO_TEST_CASE(a_node_says_itself_why_it_serves_nothing) {
  const std::string busy = "BUSY Redis is busy running a script. You can only call SCRIPT KILL.";
  const error out{fault::unavailable, "127.0.0.1:7001: CLIENT SETNAME: " + busy,
                  "CLIENT SETNAME: Redis is busy with a script"};
  for (const auto& text :
       {text_of_node_failure("[::1]:7001", out), text_of_node_refusal("[::1]:7001", busy).value_or("")}) {
    const auto node = node_failure_of(text);
    BOOST_REQUIRE(node.has_value());
    BOOST_TEST(node->address == "[::1]:7001");
    BOOST_TEST(node->words == "Redis is busy with a script");
    const auto refused = error_from_reply("user_profile:u", text);
    BOOST_CHECK(refused.cause == fault::unavailable);
    BOOST_TEST(refused.message.find(busy) != std::string::npos, refused.message);
    BOOST_TEST(refused.public_message ==
               "user_profile:u: a node of the Redis cluster: Redis is busy with a script");
  }
  const error late{fault::timeout, "127.0.0.1:7001: no reply within 2000 ms", std::string(words_for_late)};
  BOOST_TEST(node_failure_of(text_of_node_failure("a:1", late))->words == "it does not answer in time");
  for (const std::string other : {"OOM", "READONLY", "WRONGTYPE", "CLUSTERDOWN The cluster is down"}) {
    BOOST_TEST(!text_of_node_refusal("a:1", other).has_value(), other);
    BOOST_TEST(!node_failure_of(other).has_value(), other);
  }
}

BOOST_AUTO_TEST_CASE(never_repeats_arguments_that_the_server_quotes) {
  const auto refused =
      error_from_reply("AUTH", "ERR unknown command 'AUTH', with args beginning with: 'secret' ");
  BOOST_TEST(refused.message == "AUTH: ERR unknown command 'AUTH'");
  BOOST_TEST(error_from_reply("key", "ERR " + std::string(100'000, 'x')).message.size() < 300U);
}

BOOST_AUTO_TEST_SUITE_END()
