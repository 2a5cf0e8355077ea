#include "redis/embedded/memory_core.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

// A process that is killed at any moment loses nothing that it has acknowledged.

using namespace winnow;

namespace {

constexpr int keys = 20;

std::string key_of(std::uint32_t number) {
  return "key" + std::to_string(number % keys);
}

/// Writes numbers for ever, each to one of few keys, and reports each through the pipe once it is stored.
[[noreturn]] void write_until_killed(const std::string& directory, std::uint32_t number, int acknowledged) {
  memory_core core;
  // Compacts all the time, so that this is interrupted, too.
  if (!core.keep_in(directory, {std::chrono::milliseconds(1), 2000, std::chrono::milliseconds(1)}))
    ::_exit(1);
  while (true) {
    const auto stored = number % 7 == 0 ? core.erase(key_of(number)).map([](bool) {})
                                        : core.write(key_of(number), std::to_string(number));
    if (!stored || ::write(acknowledged, &number, sizeof(number)) != sizeof(number))
      ::_exit(1);
    ++number;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(kills)

BOOST_AUTO_TEST_CASE(all_acknowledged_changes_survive_a_kill_at_any_moment) {
  const temp_dir parent;
  const auto directory = parent.path() + "/store";
  std::mt19937 random(20);
  std::uint32_t next = 1;
  std::size_t total = 0;
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0)
      write_until_killed(directory, next, ends[1]);
    ::close(ends[1]);
    // The moment is counted in acknowledged changes, not in time.
    const auto moment = std::uniform_int_distribution<std::size_t>(1, 3000)(random);
    std::uint32_t last = 0;
    std::size_t count = 0;
    for (std::uint32_t number = 0; ::read(ends[0], &number, sizeof(number)) == sizeof(number); last = number)
      if (++count == moment)
        ::kill(child, SIGKILL);
    ::close(ends[0]);
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_REQUIRE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    total += count;

    memory_core core;
    BOOST_REQUIRE(core.keep_in(directory).has_value());
    // The change after the last acknowledged one may have happened as well.
    for (std::uint32_t number = last; number + keys > last && number > 0; --number) {
      const auto found = core.read(key_of(number));
      const bool same = number % 7 == 0 ? !found : found == std::to_string(number);
      const bool overwritten = key_of(number) == key_of(last + 1);
      BOOST_TEST((same || overwritten), "round " << round << ", " << number << " of " << last);
    }
    next = last + 1;
  }
  BOOST_TEST_MESSAGE(total << " changes");
}

BOOST_AUTO_TEST_SUITE_END()
