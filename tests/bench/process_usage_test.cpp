#include "tools/winnow-bench/process_usage.hpp"

#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <unistd.h>

using namespace winnow::bench;
using namespace winnow::test;

BOOST_AUTO_TEST_SUITE(process_usage)

BOOST_AUTO_TEST_CASE(the_time_of_this_process_is_not_that_of_its_children) {
  const temp_dir directory;
  const auto all = processor_seconds(getpid()), own = own_processor_seconds();
  child_process child({"sh", "-c", "ulimit -t 1; while :; do :; done"}, directory.path() + "/said");
  BOOST_REQUIRE(child.wait(std::chrono::minutes(2))); // it is ended after a second on a processor
  const auto of_child = (processor_seconds(getpid()) - all) - (own_processor_seconds() - own);
  BOOST_CHECK_GT(of_child, 0.5);
}

BOOST_AUTO_TEST_SUITE_END()
