#include "instruction_sets.hpp"
#include "models/kernels/aligned.hpp"
#include "models/kernels/attention_kernels.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

namespace {

using namespace winnow;
using kernels::tile_width;

aligned_floats random_floats(std::size_t count, std::mt19937& random) {
  std::normal_distribution<float> normal;
  aligned_floats values(count);
  std::generate(values.begin(), values.end(), [&] { return normal(random); });
  return values;
}

/// Runs a test case's body with each instruction set.
template<class Body>
void everywhere(const Body& body) {
  with_each_instruction_set([&](const std::string& target) {
    BOOST_TEST_CONTEXT(target) {
      body();
    }
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernels_)

BOOST_AUTO_TEST_CASE(multiplies_tiles_of_any_shape) {
  everywhere([] {
    std::mt19937 random(1);
    for (const std::size_t rows : {1, 2, 3, 5, 6, 7, 12, 13, 31, 128})
      for (const std::size_t depth : {0, 1, 3, 17, 128}) {
        const auto weights = random_floats(rows * depth, random);
        const auto bias = random_floats(rows, random);
        const auto in = random_floats(depth * tile_width, random);
        aligned_floats out(rows * tile_width);
        kernels::multiply_tile(weights.data(), rows, depth, bias.data(), kernels::activation::relu, in.data(),
                               out.data());
        for (std::size_t r = 0; r < rows; ++r)
          for (std::size_t c = 0; c < tile_width; ++c) {
            double expected = bias[r];
            for (std::size_t k = 0; k < depth; ++k)
              expected += static_cast<double>(weights[r * depth + k]) * in[k * tile_width + c];
            BOOST_CHECK_SMALL(out[r * tile_width + c] - std::max(expected, 0.0), 1e-4);
          }
      }
  });
}

BOOST_AUTO_TEST_CASE(writes_only_the_requested_columns) {
  everywhere([] {
    std::mt19937 random(2);
    constexpr std::size_t rows = 13, depth = 5;
    constexpr float untouched = 1e6f;
    const auto weights = random_floats(rows * depth, random);
    const auto in = random_floats(depth * tile_width, random);
    const auto of_history = random_floats(rows * tile_width, random);
    const auto history_weights = random_floats(depth * tile_width, random);
    aligned_floats product(rows * tile_width), pooled(rows * tile_width);
    kernels::multiply_tile(weights.data(), rows, depth, nullptr, kernels::activation::none, in.data(),
                           product.data());
    kernels::pool_tile(of_history.data(), history_weights.data(), rows, depth, pooled.data());
    for (std::size_t first = 0; first < tile_width; ++first)
      for (std::size_t end = first + 1; end <= tile_width; ++end) {
        aligned_floats some(rows * tile_width, untouched), some_pooled(rows * tile_width, untouched);
        kernels::multiply_tile(weights.data(), rows, depth, nullptr, kernels::activation::none, in.data(),
                               some.data(), {first, end});
        kernels::pool_tile(of_history.data(), history_weights.data(), rows, depth, some_pooled.data(),
                           {first, end});
        const auto is_as_expected = [&](const aligned_floats& part, const aligned_floats& whole) {
          for (std::size_t i = 0; i < part.size(); ++i) {
            const bool wanted = i % tile_width >= first && i % tile_width < end;
            if (part[i] != (wanted ? whole[i] : untouched))
              return false;
          }
          return true;
        };
        BOOST_CHECK_MESSAGE(is_as_expected(some, product), "product of columns " << first << " to " << end);
        BOOST_CHECK_MESSAGE(is_as_expected(some_pooled, pooled), "pooled columns " << first << " to " << end);
      }
  });
}

BOOST_AUTO_TEST_CASE(attends_over_histories_of_any_length) {
  everywhere([] {
    std::mt19937 random(4);
    constexpr std::size_t channels = 37, adding = 20, most = 50;
    const auto query = random_floats(channels * tile_width, random);
    const auto key = random_floats(channels * 64, random);
    const auto start = random_floats(most, random);
    for (std::size_t length = 1; length <= most; ++length) {
      aligned_floats out(length * tile_width);
      kernels::attention_tile(query.data(), key.data(), start.data(), {adding, channels}, length, out.data());
      for (std::size_t h = 0; h < length; ++h)
        for (std::size_t c = 0; c < tile_width; ++c) {
          double expected = start[h];
          for (std::size_t d = 0; d < channels; ++d) {
            const float k = key[h / tile_width * tile_width * channels + d * tile_width + h % tile_width];
            const double channel = std::max(query[d * tile_width + c], k);
            expected += d < adding ? channel : -channel;
          }
          BOOST_CHECK_SMALL(out[h * tile_width + c] - expected, 1e-4);
        }
    }
  });
}

BOOST_AUTO_TEST_CASE(softmax_sums_to_one_even_for_huge_scores) {
  everywhere([] {
    aligned_floats tile(3 * tile_width);
    for (std::size_t c = 0; c < tile_width; ++c) {
      tile[c] = 1e30f;
      tile[tile_width + c] = c % 2 == 0 ? 1e30f : -1e30f;
      tile[2 * tile_width + c] = -5;
    }
    kernels::softmax_columns(tile.data(), 3);
    for (std::size_t c = 0; c < tile_width; ++c) {
      BOOST_CHECK_CLOSE(tile[c], c % 2 == 0 ? 0.5f : 1.0f, 1e-3);
      BOOST_CHECK_CLOSE(tile[c] + tile[tile_width + c] + tile[2 * tile_width + c], 1.0f, 1e-3);
    }
  });
}

BOOST_AUTO_TEST_CASE(softmax_gives_no_denormal_weights) {
  everywhere([] {
    constexpr std::size_t rows = 120;
    aligned_floats tile(rows * tile_width);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < tile_width; ++c)
        tile[r * tile_width + c] = -static_cast<float>(r);
    kernels::softmax_columns(tile.data(), rows);
    for (std::size_t r = 0; r < rows; ++r) {
      const float weight = tile[r * tile_width];
      BOOST_CHECK(weight == 0 || std::isnormal(weight));
      BOOST_CHECK_SMALL(weight - (1 - std::exp(-1.0)) * std::exp(-static_cast<double>(r)), 1e-6);
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()
