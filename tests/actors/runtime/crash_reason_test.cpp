#include "actors/runtime/crash_reason.hpp"

#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>
#include <caf/sec.hpp>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

// What the exception of an actor becomes.

namespace winnow {

namespace {

template<class Exception>
std::string text_of(const Exception& failure) {
  auto thrown = std::make_exception_ptr(failure);
  const auto reason = crash_reason(thrown);
  BOOST_TEST((reason == caf::sec::runtime_error));
  return caf::to_string(reason.context());
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(crash_reason_suite)

BOOST_AUTO_TEST_CASE(the_message_is_the_reason) {
  BOOST_TEST(says(text_of(std::runtime_error("it broke")), "it broke"));
  BOOST_TEST(says(text_of(7), "not a std::exception"));
}

BOOST_AUTO_TEST_CASE(a_limit_of_open_files_is_named) {
  const auto advice =
      ": raise the limit of open files (LimitNOFILE=, --ulimit nofile=, ulimit -n), which is ";
  const auto of_asio = text_of(
      boost::system::system_error(make_error_code(boost::system::errc::too_many_files_open), "epoll"));
  BOOST_TEST(says(of_asio, "epoll: Too many open files"), of_asio);
  BOOST_TEST(says(of_asio, advice), of_asio);
  const auto of_library = text_of(std::system_error(make_error_code(std::errc::too_many_files_open), "open"));
  BOOST_TEST(says(of_library, advice), of_library);
  BOOST_TEST(!says(text_of(std::system_error(make_error_code(std::errc::io_error), "open")), "raise"));
}

BOOST_AUTO_TEST_CASE(no_room_for_a_thread_ends_the_process_at_once) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto thrown = std::make_exception_ptr(
        std::system_error(make_error_code(std::errc::resource_unavailable_try_again)));
    static_cast<void>(crash_reason(thrown));
    ::_exit(7);
  }
  int status = 0;
  BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
  BOOST_TEST(WIFEXITED(status));
  BOOST_TEST(WEXITSTATUS(status) == 71);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
