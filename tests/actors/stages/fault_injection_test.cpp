#include "actors/stages/fault_injection.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
#include <stdexcept>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

const std::string stage = "din_ranker";

} // namespace

BOOST_AUTO_TEST_SUITE(fault_injection_suite)

BOOST_AUTO_TEST_CASE(does_nothing_unless_ordered) {
  fault_injection faults;
  BOOST_TEST(!faults.strike(stage));
  faults.inject("ranknet_ranker", {injected_fault::error, 0, 0ms});
  BOOST_TEST(!faults.strike(stage));
}

BOOST_AUTO_TEST_CASE(affects_the_ordered_number_of_batches) {
  fault_injection faults;
  faults.inject(stage, {injected_fault::error, 2, 0ms});
  for (int batch = 0; batch < 2; ++batch) {
    const auto failure = faults.strike(stage);
    BOOST_REQUIRE(failure);
    BOOST_TEST(to_string(failure->cause) == "internal");
    BOOST_TEST(failure->message == "din_ranker: injected error");
  }
  BOOST_TEST(!faults.strike(stage));
}

BOOST_AUTO_TEST_CASE(affects_all_batches_until_cleared_if_zero_are_ordered) {
  fault_injection faults;
  faults.inject(stage, {injected_fault::error, 0, 0ms});
  for (int batch = 0; batch < 100; ++batch)
    BOOST_REQUIRE(faults.strike(stage));
  faults.clear();
  BOOST_TEST(!faults.strike(stage));
}

BOOST_AUTO_TEST_CASE(replaces_an_earlier_order_for_the_stage) {
  fault_injection faults;
  faults.inject(stage, {injected_fault::error, 0, 0ms});
  faults.inject(stage, {injected_fault::crash, 1, 0ms});
  BOOST_CHECK_THROW(static_cast<void>(faults.strike(stage)), std::runtime_error);
  BOOST_TEST(!faults.strike(stage));
}

BOOST_AUTO_TEST_CASE(slows_a_batch_down_for_the_ordered_time) {
  fault_injection faults;
  faults.inject(stage, {injected_fault::slow, 1, 20ms});
  const auto begin = std::chrono::steady_clock::now();
  BOOST_TEST(!faults.strike(stage));
  BOOST_CHECK(std::chrono::steady_clock::now() - begin >= 20ms);
}

BOOST_AUTO_TEST_CASE(hangs_until_cleared_if_no_time_is_ordered) {
  fault_injection faults;
  faults.inject(stage, {injected_fault::hang, 1, 0ms});
  std::promise<void> entered;
  auto hanging = std::async(std::launch::async, [&] {
    entered.set_value();
    return faults.strike(stage);
  });
  entered.get_future().wait();
  BOOST_CHECK(hanging.wait_for(20ms) == std::future_status::timeout);
  // A slow thread may not have taken the order yet; it then returns because the order is cleared.
  faults.clear();
  BOOST_TEST(!hanging.get());
}

BOOST_AUTO_TEST_CASE(parses_its_own_names) {
  for (const auto kind :
       {injected_fault::crash, injected_fault::hang, injected_fault::slow, injected_fault::error})
    BOOST_CHECK(read_injected_fault(to_string(kind)) == kind);
  BOOST_CHECK(!read_injected_fault("Crash"));
  BOOST_CHECK(!read_injected_fault(""));
}

BOOST_AUTO_TEST_SUITE_END()
