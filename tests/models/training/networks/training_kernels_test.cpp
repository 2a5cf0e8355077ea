#include "models/training/networks/training_kernels.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace winnow {

BOOST_AUTO_TEST_SUITE(training_kernels_suite)

BOOST_AUTO_TEST_CASE(a_layer_passes_what_is_above_zero_and_kept) {
  for (const std::size_t count : {1, 3, 16, 21}) { // with and without a rest
    std::vector<float> values(count), bias(count), kept(count), gradients(count, 2);
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = static_cast<float>(i % 5) - 2;
      bias[i] = 0.5f;
      kept[i] = i % 3 == 0 ? 0.0f : 1.25f;
    }
    auto plain = values, dropped = values;
    kernels::bias_and_relu(bias.data(), nullptr, count, plain.data());
    kernels::bias_and_relu(bias.data(), kept.data(), count, dropped.data());
    kernels::relu_gradients(dropped.data(), 1.25f, count, gradients.data());
    for (std::size_t i = 0; i < count; ++i) {
      const float passed = std::max(values[i] + 0.5f, 0.0f);
      BOOST_CHECK_EQUAL(plain[i], passed);
      BOOST_CHECK_EQUAL(dropped[i], passed * kept[i]);
      BOOST_CHECK_EQUAL(gradients[i], passed * kept[i] > 0 ? 2.5f : 0.0f);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
