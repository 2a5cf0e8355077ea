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

/// A job that is never run, only compared by address.
struct named_job : caf::resumable {
  subtype_t subtype() const override { return unspecified; }
  resume_result resume(caf::execution_unit*, std::size_t) override { return done; }
  void intrusive_ptr_add_ref_impl() override {}
  void intrusive_ptr_release_impl() override {}
};

/// Takes jobs from a queue on behalf of one of its threads.
class taker {
public:
  taker(run_queue& queue, std::size_t number) : queue_(queue), number_(number) {}

  /// Starts to wait for the next job.
  std::future<run_queue::job> take() {
    return std::async(std::launch::async, [this] { return queue_.take(number_); });
  }

private:
  run_queue& queue_;
  const std::size_t number_;
};

bool yields(std::future<run_queue::job>& job, const named_job& which) {
  return job.wait_for(patience) == std::future_status::ready && job.get() == &which;
}

struct system_in_chains {
  explicit system_in_chains(std::size_t at_once) { schedule_in_chains(config, at_once); }

  caf::actor_system_config config;
};

/// Holds the threads that pass through it until it is released.
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

/// An actor that passes through the gate for each number it receives, then replies with the number.
caf::behavior gatekeeper(caf::event_based_actor*, gate* through) {
  return {[through](int number) {
    through->pass();
    return number;
  }};
}

caf::behavior echo(caf::event_based_actor*, int) {
  return {[](int number) { return number; }};
}

/// Returns whether a new actor of the system answers.
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

BOOST_AUTO_TEST_CASE(hands_out_jobs_in_order_of_arrival) {
  run_queue queue(1, 1);
  named_job first, second;
  queue.push(&first);
  queue.push(&second);
  BOOST_TEST(queue.take(0) == &first);
  BOOST_TEST(queue.take(0) == &second);
}

BOOST_AUTO_TEST_CASE(a_job_that_becomes_ready_runs_next_on_the_same_thread) {
  run_queue queue(1, 1);
  named_job running, waiting, next;
  queue.push(&running);
  BOOST_TEST(queue.take(0) == &running);
  queue.push(&waiting);
  queue.push_next(0, &next);
  BOOST_TEST(queue.take(0) == &next);
  BOOST_TEST(queue.take(0) == &waiting);
}

BOOST_AUTO_TEST_CASE(jobs_that_keep_waking_each_other_let_others_run) {
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
  auto taken = second.take();
  queue.push_next(0, &next);
  queue.push_next(0, &other);
  BOOST_TEST(yields(taken, other));
  BOOST_TEST(queue.take(0) == &next);
}

BOOST_AUTO_TEST_CASE(other_threads_replace_a_blocked_thread) {
  run_queue queue(2, 1);
  named_job hanging, left_behind, waiting;
  queue.push(&hanging);
  BOOST_TEST(queue.take(0) == &hanging);
  queue.push_next(0, &left_behind);
  queue.push(&waiting);
  taker second(queue, 1);
  auto taken = second.take();
  BOOST_TEST((taken.wait_for(0s) == std::future_status::timeout));
  queue.pass_over_blocked(); // records the thread's current job
  queue.pass_over_blocked(); // passes it over, even if the other thread is not waiting yet
  BOOST_TEST(yields(taken, waiting));
  BOOST_TEST(queue.take(1) == &left_behind);
  // The first thread no longer hangs. One of the two continues.
  taker first(queue, 0);
  auto back = first.take();
  queue.push(&hanging);
  queue.leave(1);
  BOOST_TEST(yields(back, hanging));
}

BOOST_AUTO_TEST_CASE(reports_if_no_thread_is_left) {
  run_queue queue(1, 1);
  named_job hanging, waiting;
  queue.push(&hanging);
  BOOST_TEST(queue.take(0) == &hanging);
  queue.pass_over_blocked();
  BOOST_TEST(queue.pass_over_blocked()); // no job waits
  queue.push(&waiting);
  BOOST_TEST(!queue.pass_over_blocked());
  BOOST_TEST(queue.take(0) == &waiting);
  BOOST_TEST(queue.pass_over_blocked());
}

BOOST_AUTO_TEST_CASE(a_higher_limit_takes_effect_at_once) {
  run_queue queue(2, 1);
  named_job running, waiting;
  queue.push(&running);
  BOOST_TEST(queue.take(0) == &running);
  queue.push(&waiting);
  taker second(queue, 1);
  auto taken = second.take();
  queue.allow(2);
  BOOST_TEST(yields(taken, waiting));
}

BOOST_AUTO_TEST_CASE(no_job_is_lost_at_the_end) {
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

BOOST_AUTO_TEST_CASE(a_higher_limit_lets_more_actors_run) {
  system_in_chains chains(1);
  caf::actor_system system(chains.config);
  allow_at_once(system, 3);
  gate through;
  for (std::size_t i = 0; i < 3; ++i)
    caf::anon_send(system.spawn(gatekeeper, &through), 1);
  BOOST_TEST(through.wait_for(3));
  through.release();
}

BOOST_AUTO_TEST_CASE(delivers_all_messages_under_load) {
  system_in_chains chains(2);
  caf::actor_system system(chains.config);
  std::vector<caf::actor> ring;
  for (int i = 0; i < 8; ++i)
    ring.push_back(system.spawn(echo, 0));
  std::vector<std::thread> clients;
  std::atomic<int> answered{0};
  for (int client = 0; client < 4; ++client)
    clients.emplace_back([&] {
      caf::scoped_actor self(system);
      for (int i = 0; i < 500; ++i)
        self->request(ring[static_cast<std::size_t>(i) % ring.size()], patience, i)
            .receive([&](int number) { answered += number == i; }, [](const caf::error&) {});
    });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(answered == 4 * 500);
}

BOOST_AUTO_TEST_SUITE_END()
