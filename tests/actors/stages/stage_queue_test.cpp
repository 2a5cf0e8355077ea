#include "actors/stages/stage_queue.hpp"

#include <boost/test/unit_test.hpp>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

struct queue_fixture {
  queue_fixture() {
    settings.name = "din_ranker";
    settings.capacity = 8;
    settings.max_batch = 4;
    settings.max_task_wait = 1h; // long, so that the real clock does not cause refusals
  }

  static stage_task task(std::size_t number, urgency priority, std::chrono::milliseconds left) {
    stage_task made;
    made.keep = number; // identifies the task
    made.priority = priority;
    made.deadline = steady_clock::now() + left;
    return made;
  }

  /// Returns the queue. The first call creates it with the current settings.
  stage_queue& queue() {
    if (!queue_)
      queue_.emplace(settings);
    return *queue_;
  }

  void push(std::size_t number, urgency priority = urgency::interactive,
            std::chrono::milliseconds left = 1h) {
    push(task(number, priority, left));
  }

  void push(stage_task made) {
    const auto parts = std::make_shared<const stage_parts>(stage_parts{settings, meters});
    queue().push(stage_job(parts, std::make_shared<const stage_task>(std::move(made)), {}));
    const auto pushed = steady_clock::now();
    while (steady_clock::now() == pushed) { // so that each task has its own time
    }
  }

  /// Pushes a search for similar items.
  void push_similar(std::size_t number, std::chrono::milliseconds left = 1h) {
    auto made = task(number, urgency::interactive, left);
    made.similar_to = 7;
    push(std::move(made));
  }

  /// Takes the tasks for one of `workers` idle workers. Returns their numbers.
  std::vector<std::size_t> take(std::size_t workers = 1) {
    std::vector<std::size_t> numbers;
    for (auto& job : queue().take(workers)) {
      numbers.push_back(job.task()->keep);
      job.answer(std::make_shared<const result<ranked_list>>(ranked_list{}));
    }
    return numbers;
  }

  bool accepts(urgency priority, std::chrono::nanoseconds batch_time = 0ns) {
    return !queue().admission_error(task(0, priority, 1h), batch_time);
  }

  double refused() const { return metrics::total(meters->collect(), "winnow_stage_failures_total"); }

  stage_settings settings;
  std::shared_ptr<metrics> meters = std::make_shared<metrics>();

private:
  std::optional<stage_queue> queue_;
};

using numbers = std::vector<std::size_t>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(stage_queue_suite, queue_fixture)

BOOST_AUTO_TEST_CASE(returns_interactive_tasks_before_background_ones) {
  push(1, urgency::background);
  push(2);
  push(3);
  BOOST_CHECK(take() == (numbers{2, 3, 1}));
  BOOST_TEST(queue().waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(divides_tasks_among_idle_workers) {
  for (std::size_t number = 1; number <= 5; ++number)
    push(number);
  BOOST_CHECK(take(2) == (numbers{1, 2, 3}));
  BOOST_CHECK(take(1) == (numbers{4, 5}));
}

BOOST_AUTO_TEST_CASE(returns_at_most_a_batch) {
  for (std::size_t number = 1; number <= 6; ++number)
    push(number);
  BOOST_CHECK(take() == (numbers{1, 2, 3})); // and divides more than one evenly
  BOOST_CHECK(take() == (numbers{4, 5, 6}));
  for (std::size_t number = 1; number <= 8; ++number)
    push(number);
  BOOST_CHECK(take() == (numbers{1, 2, 3, 4}));
  BOOST_CHECK(take(4) == (numbers{5}));
}

BOOST_AUTO_TEST_CASE(refuses_tasks_past_their_deadline_and_fills_the_batch_with_others) {
  push(1, urgency::interactive, 0ms);
  push(2);
  push(3, urgency::background, 0ms);
  BOOST_CHECK(take() == (numbers{2}));
  BOOST_TEST(take().empty());
  BOOST_TEST(refused() == 2);
}

BOOST_AUTO_TEST_CASE(admits_no_task_beyond_its_capacity) {
  settings.capacity = 2;
  push(1);
  BOOST_TEST(accepts(urgency::background));
  push(2);
  BOOST_TEST(!accepts(urgency::background));
  BOOST_TEST(!accepts(urgency::interactive));
  take();
  BOOST_TEST(accepts(urgency::interactive));
}

BOOST_AUTO_TEST_CASE(admits_no_interactive_task_while_one_has_waited_too_long) {
  settings.max_task_wait = 0ms;
  BOOST_TEST(accepts(urgency::interactive)); // no task waits
  push(1);
  BOOST_TEST(!accepts(urgency::interactive));
  BOOST_TEST(accepts(urgency::background));
}

BOOST_AUTO_TEST_CASE(lets_tasks_wait_for_two_batches_even_if_the_limit_is_shorter) {
  settings.max_task_wait = 0ms;
  push(1);
  BOOST_TEST(accepts(urgency::interactive, 1h));
}

BOOST_AUTO_TEST_CASE(an_old_background_task_does_not_block_admission) {
  settings.max_task_wait = 0ms;
  push(1, urgency::background);
  BOOST_TEST(accepts(urgency::interactive));
}

BOOST_AUTO_TEST_CASE(searches_for_similar_items_share_no_batch_with_others) {
  push(1);
  push_similar(2);
  push(3);
  push_similar(4);
  push(5, urgency::background);
  BOOST_CHECK(take() == (numbers{1, 3, 5})); // begins with the oldest
  BOOST_CHECK(take() == (numbers{2, 4}));
  push_similar(6);
  push(7);
  BOOST_CHECK(take() == (numbers{6}));
  BOOST_CHECK(take() == (numbers{7}));
}

BOOST_AUTO_TEST_CASE(batches_of_searches_are_small) {
  settings.max_batch = 32;
  for (std::size_t number = 1; number <= 9; ++number)
    push_similar(number);
  BOOST_CHECK(take() == (numbers{1, 2, 3, 4, 5, 6, 7, 8}));
  BOOST_CHECK(take() == (numbers{9}));
}

BOOST_AUTO_TEST_CASE(searches_past_their_deadline_do_not_hold_up_others) {
  push_similar(1, 0ms);
  push(2);
  BOOST_CHECK(take() == (numbers{2}));
  BOOST_TEST(refused() == 1);
}

BOOST_AUTO_TEST_CASE(a_search_that_has_waited_too_long_stops_the_admission_of_searches) {
  settings.max_task_wait = 0ms;
  push_similar(1);
  auto search = task(2, urgency::interactive, 1h);
  search.similar_to = 7;
  BOOST_TEST(!!queue().admission_error(search, 0ns));
  BOOST_TEST(accepts(urgency::interactive));
}

BOOST_AUTO_TEST_CASE(refuses_all_waiting_tasks_at_once) {
  push_similar(3);
  push(1);
  push(2, urgency::background);
  queue().refuse_all(fault::unavailable, "is down");
  BOOST_TEST(queue().waiting() == 0U);
  BOOST_TEST(refused() == 3);
}

BOOST_AUTO_TEST_SUITE_END()
