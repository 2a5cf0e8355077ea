#include "actors/runtime/chain_scheduler.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <future>
#include <set>
#include <thread>
#include <vector>

using namespace winnow;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;

/// Jobs are never run here, only told apart.
struct named_job : caf::resumable {
  subtype_t subtype() const override { return unspecified; }
  resume_result resume(caf::execution_unit*, std::size_t) override { return done; }
  void intrusive_ptr_add_ref_impl() override {}
  void intrusive_ptr_release_impl() override {}
};

/// A thread that takes jobs from a queue, one for each `step`.
class taker {
public:
  taker(run_queue& queue, std::size_t number) : queue_(queue), number_(number) {}

  /// Begins to wait for the next job.
  std::future<run_queue::job> take() {
    return std::async(std::launch::async, [this] { return queue_.take(number_); });
  }

private:
  run_queue& queue_;
  const std::size_t number_;
};

bool comes(std::future<run_queue::job>& job, const named_job& which) {
  return job.wait_for(patience) == std::future_status::ready && job.get() == &which;
}

struct system_in_chains {
  explicit system_in_chains(std::size_t at_once) { schedule_in_chains(config, at_once); }

  caf::actor_system_config config;
};

/// Waits until `count` threads are inside.
struct gate {
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t inside = 0;
  bool open = false;

  void pass() {
    std::unique_lock lock(mutex);
    ++inside;
    changed.notify_all();
    changed.wait_for(lock, patience, [this] { return open; });
    --inside;
  }

  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, patience, [&] { return inside >= count; });
  }

  void release() {
    const std::lock_guard lock(mutex);
    open = true;
    changed.notify_all();
  }
};

/// An actor that goes through the gate for each number that it is sent, and sends the number back.
caf::behavior gatekeeper(caf::event_based_actor*, gate* through) {
  return {[through](int number) {
    through->pass();
    return number;
  }};
}

caf::behavior echo(caf::event_based_actor*, int) {
  return {[](int number) { return number; }};
}

/// Whether an actor of the system answers.
bool answers(caf::actor_system& system) {
  caf::scoped_actor self(system);
  int reply = 0;
  self->request(system.spawn(echo, 0), patience, 7)
      .receive([&](int number) { reply = number; },
               [](const caf::error& reason) { BOOST_TEST_MESSAGE(to_string(reason)); });
  return reply == 7;
}

} // namespace

BOOST_AUTO_TEST_SUITE(run_queues)

BOOST_AUTO_TEST_CASE(hands_out_in_the_order_of_arrival) {
  run_queue queue(1, 1);
  named_job first, second;
  queue.push(&first);
  queue.push(&second);
  BOOST_TEST(queue.take(0) == &first);
  BOOST_TEST(queue.take(0) == &second);
}

BOOST_AUTO_TEST_CASE(what_a_job_makes_ready_goes_on_on_the_same_thread_first) {
  run_queue queue(1, 1);
  named_job running, waiting, next;
  queue.push(&running);
  BOOST_TEST(queue.take(0) == &running);
  queue.push(&waiting);
  queue.push_next(0, &next);
  BOOST_TEST(queue.take(0) == &next);
  BOOST_TEST(queue.take(0) == &waiting);
}

BOOST_AUTO_TEST_CASE(two_that_keep_each_other_going_let_others_run) {
  run_queue queue(1, 1);
  named_job busy, waiting;
  queue.push(&waiting);
  queue.push_next(0, &busy);
  std::size_t turns = 0;
  while (queue.take(0) != &waiting && turns < 10'000) {
    ++turns;
    queue.push_next(0, &busy);
  }
  BOOST_TEST(turns < 10'000u);
}

BOOST_AUTO_TEST_CASE(a_second_job_that_becomes_ready_wakes_another_thread) {
  run_queue queue(2, 2);
  named_job running, next, other;
  queue.push(&running);
  BOOST_TEST(queue.take(0) == &running);
  taker second(queue, 1);
  auto its = second.take();
  queue.push_next(0, &next);
  queue.push_next(0, &other);
  BOOST_TEST(comes(its, other));
  BOOST_TEST(queue.take(0) == &next);
}

BOOST_AUTO_TEST_CASE(others_run_in_the_place_of_a_thread_that_is_blocked) {
  run_queue queue(2, 1);
  named_job hanging, left_behind, waiting;
  queue.push(&hanging);
  BOOST_TEST(queue.take(0) == &hanging);
  queue.push_next(0, &left_behind);
  queue.push(&waiting);
  taker second(queue, 1);
  auto its = second.take();
  BOOST_TEST((its.wait_for(0s) == std::future_status::timeout));
  queue.pass_over_blocked(); // notes where the thread is
  queue.pass_over_blocked(); // the other thread may not wait yet
  BOOST_TEST(comes(its, waiting));
  BOOST_TEST(queue.take(1) == &left_behind);
  // It hangs no more: one of the two runs on.
  taker first(queue, 0);
  auto back = first.take();
  queue.push(&hanging);
  queue.leave(1);
  BOOST_TEST(comes(back, hanging));
}

BOOST_AUTO_TEST_CASE(tells_when_no_thread_is_left) {
  run_queue queue(1, 1);
  named_job hanging, waiting;
  queue.push(&hanging);
  BOOST_TEST(queue.take(0) == &hanging);
  queue.pass_over_blocked();
  BOOST_TEST(queue.pass_over_blocked()); // nothing waits
  queue.push(&waiting);
  BOOST_TEST(!queue.pass_over_blocked());
  BOOST_TEST(queue.take(0) == &waiting);
  BOOST_TEST(queue.pass_over_blocked());
}

BOOST_AUTO_TEST_CASE(a_higher_limit_holds_at_once) {
  run_queue queue(2, 1);
  named_job running, waiting;
  queue.push(&running);
  BOOST_TEST(queue.take(0) == &running);
  queue.push(&waiting);
  taker second(queue, 1);
  auto its = second.take();
  queue.allow(2);
  BOOST_TEST(comes(its, waiting));
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_at_the_end) {
  run_queue queue(2, 2);
  named_job running, next, waiting;
  queue.push(&running);
  BOOST_TEST(queue.take(0) == &running);
  queue.push_next(0, &next);
  queue.push(&waiting);
  queue.leave(0);
  std::set<run_queue::job> left;
  while (auto* one = queue.take_left())
    left.insert(one);
  BOOST_TEST((left == std::set<run_queue::job>{&next, &waiting}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(chain_scheduler_suite)

BOOST_AUTO_TEST_CASE(actors_that_hang_do_not_keep_others_from_running) {
  system_in_chains chains(2);
  caf::actor_system system(chains.config);
  gate through;
  for (std::size_t i = 0; i < 5; ++i)
    caf::anon_send(system.spawn(gatekeeper, &through), 1);
  BOOST_TEST(through.wait_for(5));
  BOOST_TEST(answers(system));
  through.release();
}

BOOST_AUTO_TEST_CASE(a_higher_limit_lets_more_run) {
  system_in_chains chains(1);
  caf::actor_system system(chains.config);
  allow_at_once(system, 3);
  gate through;
  for (std::size_t i = 0; i < 3; ++i)
    caf::anon_send(system.spawn(gatekeeper, &through), 1);
  BOOST_TEST(through.wait_for(3));
  through.release();
}

BOOST_AUTO_TEST_CASE(delivers_everything_under_load) {
  system_in_chains chains(2);
  caf::actor_system system(chains.config);
  std::vector<caf::actor> ring;
  for (int i = 0; i < 8; ++i)
    ring.push_back(system.spawn(echo, 0));
  std::vector<std::thread> askers;
  std::atomic<int> answered{0};
  for (int asker = 0; asker < 4; ++asker)
    askers.emplace_back([&] {
      caf::scoped_actor self(system);
      for (int i = 0; i < 500; ++i)
        self->request(ring[static_cast<std::size_t>(i) % ring.size()], patience, i)
            .receive([&](int number) { answered += number == i; }, [](const caf::error&) {});
    });
  for (auto& asker : askers)
    asker.join();
  BOOST_TEST(answered == 4 * 500);
}

BOOST_AUTO_TEST_SUITE_END()
