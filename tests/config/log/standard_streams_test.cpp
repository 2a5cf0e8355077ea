// What a process writes to its standard error when no thread can write for it, or it is about to end.

#include "config/log/standard_streams.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

using namespace winnow;

namespace {

struct ended_process {
  std::string errors; ///< What it wrote to standard error.
  int status = 0;     ///< As of waitpid().
};

/// Runs `act` in a child of fork(), which ends with 7 if `act` returns.
ended_process run_in_child(const std::function<void()>& act) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL); // not the handler of the test framework
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(ends[1], STDERR_FILENO);
    act();
    ::_exit(7);
  }
  ::close(ends[1]);
  ended_process ended;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    ended.errors.append(buffer, static_cast<std::size_t>(count));
  ::close(ends[0]);
  BOOST_REQUIRE(::waitpid(child, &ended.status, 0) == child);
  return ended;
}

void fails_with(const std::function<void()>& act, const std::string& reason) {
  const auto ended = run_in_child([&act] {
    log_uncaught_exceptions();
    [&act]() noexcept { act(); }();
  });
  BOOST_TEST(WIFSIGNALED(ended.status));
  BOOST_TEST(WTERMSIG(ended.status) == SIGABRT);
  BOOST_TEST(ended.errors.find("process uncaught exception reason=" + reason + '\n') != std::string::npos,
             ended.errors);
}

} // namespace

BOOST_AUTO_TEST_SUITE(standard_streams)

BOOST_AUTO_TEST_CASE(a_forked_child_writes_at_once) {
  start_standard_streams();
  const auto ended = run_in_child([] {
    write_error_line("first");
    write_error_line("second");
    flush_standard_streams(); // waits for no thread
    ::_exit(3);               // writes nothing more
  });
  BOOST_TEST(ended.errors == "first\nsecond\n");
  BOOST_TEST(WIFEXITED(ended.status));
  BOOST_TEST(WEXITSTATUS(ended.status) == 3);
}

BOOST_AUTO_TEST_CASE(an_uncaught_exception_is_logged_before_the_process_aborts) {
  fails_with([] { throw std::runtime_error("it broke"); }, "\"it broke\"");
  fails_with([] { throw 7; }, "\"unknown exception\"");
  fails_with([] { std::terminate(); }, "terminated");
}

BOOST_AUTO_TEST_CASE(missing_streams_are_opened) {
  const auto ended = run_in_child([] {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO})
      ::close(stream);
    open_missing_streams();
    const int next = ::dup(STDERR_FILENO);
    ::_exit(next > STDERR_FILENO ? 0 : 1); // else a file or connection would be a standard stream
  });
  BOOST_TEST(WIFEXITED(ended.status));
  BOOST_TEST(WEXITSTATUS(ended.status) == 0);
}

BOOST_AUTO_TEST_CASE(a_thread_that_cannot_be_created_is_no_defect) {
  const std::function<void()> act = [] {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
  };
  const auto ended = run_in_child([&act] {
    log_uncaught_exceptions();
    [&act]() noexcept { act(); }();
  });
  BOOST_TEST(WIFEXITED(ended.status));
  BOOST_TEST(WEXITSTATUS(ended.status) == 71);
  BOOST_TEST(ended.errors.find("process no room for a thread reason=") != std::string::npos, ended.errors);
}

BOOST_AUTO_TEST_SUITE_END()
