#include "config/system/thread_priority.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <future>
#include <sys/syscall.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

struct priority {
  std::uint32_t policy, niceness, turn; ///< The time slice in nanoseconds, less than four seconds.
};

priority of_this_thread() {
  std::array<std::uint32_t, 12> attributes{}; // see sched_setattr(2)
  ::syscall(SYS_sched_getattr, 0, attributes.data(), sizeof attributes, 0);
  return {attributes[1], attributes[4], attributes[6]};
}

} // namespace

BOOST_AUTO_TEST_SUITE(thread_priorities)

BOOST_AUTO_TEST_CASE(change_only_the_calling_thread) {
  const auto before = of_this_thread();
  const auto asked = std::async(std::launch::async, [] {
                       winnow::lower_thread_priority(7, "a test");
                       winnow::shorten_thread_turns(200us, "a test");
                       return of_this_thread();
                     }).get();
  BOOST_TEST(asked.niceness == 7);
  BOOST_TEST(asked.policy == before.policy);
  if (before.turn == 0)
    BOOST_TEST_MESSAGE("Linux is older than 6.12: all time slices have the same length");
  else
    BOOST_TEST(asked.turn == 200'000);
  BOOST_TEST(of_this_thread().niceness == before.niceness);
  BOOST_TEST(of_this_thread().turn == before.turn);
}

BOOST_AUTO_TEST_SUITE_END()
