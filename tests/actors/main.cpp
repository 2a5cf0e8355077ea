#define BOOST_TEST_MODULE actors
#include "config/log/log.hpp"

#include <boost/test/unit_test.hpp>

namespace {

/// Hides the warnings of the many actors that die in these tests.
struct quiet_log {
  quiet_log() { winnow::log_threshold(winnow::log_level::error); }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);
