#include "tools/winnow-bench/training_log.hpp"

#include <boost/test/unit_test.hpp>

using winnow::bench::training_log;

BOOST_AUTO_TEST_SUITE(training_log_suite)

BOOST_AUTO_TEST_CASE(validations_are_read_with_their_times) {
  training_log log;
  log.add("LightGCN: validation recall@100 of the embeddings to start from: 0.3000", 1);
  log.add("LightGCN epoch 1/100: loss 4.1099, 65 k/s, 12.451 s", 2);
  log.add("LightGCN epoch 2/100: loss 3.5, 1 k/s, 5.0 s, validation recall@100 0.3970", 3);
  log.add("LightGCN epoch 4/100: loss 3.4, 1 k/s, 5.0 s, validation recall@100 0.4000, test recall@20 0.1",
          4);
  log.add(
      "LightGCN epoch 6/100: loss 3.3, 1 k/s, 5.0 s, validation recall@100 0.3900, best 0.4000 at epoch 4",
      5);
  log.add("DIN epoch 1/3: loss 0.3, validation recall@100 0.9000", 6);
  BOOST_REQUIRE(log.validations().size() == 4);
  BOOST_TEST(log.validations().front().epoch == 0);
  BOOST_TEST(log.validations().front().recall == 0.3);
  BOOST_TEST(log.best().epoch == 4);
  BOOST_TEST(log.best().recall == 0.4);
  BOOST_TEST(log.best().seconds == 4);
}

BOOST_AUTO_TEST_CASE(the_first_that_is_near_the_best_is_found) {
  training_log log;
  log.add("LightGCN epoch 1/9: loss 1, validation recall@20 0.3950", 10);
  log.add("LightGCN epoch 2/9: loss 1, validation recall@20 0.3960", 20);
  log.add("LightGCN epoch 3/9: loss 1, validation recall@20 0.4000", 30);
  BOOST_TEST(log.first_within(0.01).epoch == 2);
  BOOST_TEST(log.first_within(0.05).seconds == 10);
  BOOST_TEST(log.first_within(0).epoch == 3);
}

BOOST_AUTO_TEST_SUITE_END()
