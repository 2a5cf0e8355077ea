#include "config/system/descriptor_limit.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/resource.h>

BOOST_AUTO_TEST_SUITE(descriptor_limit)

BOOST_AUTO_TEST_CASE(keeps_a_reserve) {
  BOOST_TEST(winnow::connections_below(65'536, 1024) == 1024u);
  BOOST_TEST(winnow::connections_below(1024, 1024) == 768u);
  BOOST_TEST(winnow::connections_below(1024, 10) == 10u);
  BOOST_TEST(winnow::connections_below(256, 1024) == 128u);
  BOOST_TEST(winnow::connections_below(1, 1024) == 1u);
}

BOOST_AUTO_TEST_CASE(raises_the_soft_limit_to_the_hard_one) {
  rlimit before{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit lowered = before;
  lowered.rlim_cur = 128;
  BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &lowered) == 0);
  BOOST_TEST(winnow::raise_descriptor_limit() == before.rlim_max);
  rlimit after{};
  ::getrlimit(RLIMIT_NOFILE, &after);
  BOOST_TEST(after.rlim_cur == before.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

BOOST_AUTO_TEST_SUITE_END()
