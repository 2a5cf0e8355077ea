#include "config/files/open_file.hpp"

#include "config/files/file_name.hpp"
#include "config/text/text_file.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace winnow {

namespace {

std::string reason_of(const result<int>& refused) {
  BOOST_REQUIRE(!refused);
  BOOST_TEST(to_string(refused.error().cause) == to_string(fault::io_error));
  return refused.error().message;
}

/// A directory with a FIFO and a socket.
struct odd_files {
  test::temp_dir dir;
  std::string fifo = dir.path() + "/fifo", socket = dir.path() + "/socket";
  int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  odd_files() {
    BOOST_REQUIRE_EQUAL(::mkfifo(fifo.c_str(), 0600), 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.copy(address.sun_path, sizeof address.sun_path - 1);
    BOOST_REQUIRE_EQUAL(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~odd_files() { ::close(listener); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(open_file_suite)

BOOST_FIXTURE_TEST_CASE(names_what_is_not_a_regular_file_and_never_waits, odd_files) {
  BOOST_TEST(reason_of(open_for_reading(fifo)) == fifo + ": expected a regular file, got a FIFO");
  BOOST_TEST(reason_of(open_for_reading(fifo, file_kinds::anonymous_pipes_too)) ==
             fifo + ": expected a regular file, got a FIFO");
  BOOST_TEST(reason_of(open_for_reading(socket)) == socket + ": expected a regular file, got a socket");
  BOOST_TEST(reason_of(open_for_reading(dir.path())) ==
             dir.path() + ": expected a regular file, got a directory");
  BOOST_TEST(reason_of(open_for_reading("/dev/null")) == "/dev/null: expected a regular file, got a device");
  BOOST_TEST(reason_of(open_for_writing(fifo)) == fifo + ": expected a regular file, got a FIFO");
  BOOST_TEST(reason_of(open_for_writing(dir.path())).find("cannot create: Is a directory") !=
             std::string::npos);
  BOOST_TEST((open_for_reading(dir.path() + "/none").error().cause == fault::not_found));
  BOOST_TEST((open_for_reading("/dev/null/none").error().cause == fault::not_found));
}

BOOST_FIXTURE_TEST_CASE(a_link_to_nothing_is_not_absent_and_told, odd_files) {
  const auto link = dir.path() + "/link";
  BOOST_TEST(is_absent(link));
  BOOST_TEST(is_absent(dir.path() + "/none/link"));
  std::filesystem::create_symlink("/not/mounted/file", link);
  BOOST_TEST(!is_absent(link));
  BOOST_TEST(!is_absent(fifo));
  const auto opened = open_for_reading(link);
  BOOST_REQUIRE(!opened);
  BOOST_TEST(opened.error().message ==
             link + ": cannot open: No such file or directory (a link to /not/mounted/file)");
}

BOOST_FIXTURE_TEST_CASE(a_fifo_that_has_a_reader_is_not_written_to, odd_files) {
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  BOOST_TEST(reason_of(open_for_writing(fifo)) == fifo + ": expected a regular file, got a FIFO");
  ::close(reader);
}

BOOST_FIXTURE_TEST_CASE(text_files_and_env_files_may_not_be_fifos, odd_files) {
  const auto refused = read_text_file(fifo);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().message == fifo + ": expected a regular file, got a FIFO");
}

BOOST_AUTO_TEST_CASE(dev_null_is_an_empty_text) {
  const auto text = read_text_file("/dev/null");
  BOOST_REQUIRE_MESSAGE(text, (text ? "" : text.error().message));
  BOOST_TEST(text->empty());
  const auto zeros = read_text_file("/dev/zero");
  BOOST_REQUIRE(!zeros);
  BOOST_TEST(zeros.error().message == "/dev/zero: expected a regular file, got a device");
}

BOOST_AUTO_TEST_CASE(reads_the_pipe_that_a_shell_passes) {
  int ends[2] = {};
  BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
  BOOST_REQUIRE_EQUAL(::write(ends[1], "port = 1\n", 9), 9);
  ::close(ends[1]);
  const auto text = read_text_file("/dev/fd/" + std::to_string(ends[0]));
  ::close(ends[0]);
  BOOST_REQUIRE_MESSAGE(text, (text ? "" : text.error().message));
  BOOST_TEST(*text == "port = 1\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
