#include "models/catalogue/fading_counts.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace winnow {

BOOST_AUTO_TEST_SUITE(fading_counts_)

BOOST_AUTO_TEST_CASE(an_event_counts_half_after_a_half_life_of_events) {
  fading_counts recent(4, std::vector<float>(2));
  recent.advance();
  recent.add(0);
  BOOST_CHECK_CLOSE(recent.of(0), 1.0f, 1e-4f);
  for (int event = 0; event < 4; ++event) {
    recent.advance();
    recent.add(1);
  }
  BOOST_CHECK_CLOSE(recent.of(0), 0.5f, 1e-4f);
  BOOST_CHECK_CLOSE(recent.of(1), 1 + std::exp2(-0.25f) + std::exp2(-0.5f) + std::exp2(-0.75f), 1e-4f);
}

BOOST_AUTO_TEST_CASE(continues_what_was_counted_before) {
  fading_counts recent(2, {8, 0});
  BOOST_CHECK_EQUAL(recent.of(0), 8.0f);
  recent.advance();
  recent.advance();
  recent.add(0);
  BOOST_CHECK_CLOSE(recent.of(0), 5.0f, 1e-4f);
  recent.grow(3);
  BOOST_CHECK_EQUAL(recent.size(), 3u);
  BOOST_CHECK_EQUAL(recent.of(2), 0.0f);
}

BOOST_AUTO_TEST_CASE(equals_a_plain_sum_over_many_half_lives) {
  constexpr double half_life = 5;
  constexpr int events = 1'000; // 200 half-lives
  fading_counts recent(half_life, std::vector<float>(7));
  std::vector<double> plain(7);
  for (int event = 0; event < events; ++event) {
    const auto item = static_cast<std::size_t>(event * event % 7);
    recent.advance();
    recent.add(item);
    for (auto& count : plain)
      count *= std::exp2(-1 / half_life);
    plain[item] += 1;
  }
  const auto now = recent.now();
  for (std::size_t item = 0; item < plain.size(); ++item) {
    BOOST_CHECK_SMALL(now[item] - plain[item], 1e-4);
    BOOST_CHECK_EQUAL(now[item], recent.of(item));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
