#define BOOST_TEST_MODULE actors
#include "config/log/log.hpp"

#include <boost/test/unit_test.hpp>

namespace {

/// Actors die by the dozen here, and say so.
struct quiet_log {
  quiet_log() { winnow::log_threshold(winnow::log_level::error); }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(quiet_log);
