#include "config/log/line_writer.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <utility>

using winnow::line_writer;
using namespace std::chrono_literals;

namespace {

std::string missing(std::uint64_t lines) {
  return "missing " + std::to_string(lines);
}

/// A pipe whose reader the test plays.
struct pipe_fixture {
  pipe_fixture() { BOOST_REQUIRE_EQUAL(::pipe2(ends.data(), O_CLOEXEC), 0); }
  ~pipe_fixture() {
    stop_reading();
    ::close(ends[1]);
  }

  int input() const { return ends[1]; }

  void stop_reading() {
    if (ends[0] >= 0)
      ::close(std::exchange(ends[0], -1));
  }

  /// Reads until the text ends with `last`.
  std::string read_until(const std::string& last) const {
    std::string text;
    std::array<char, 4096> part{};
    while (text.size() < last.size() || text.compare(text.size() - last.size(), last.size(), last) != 0) {
      const auto count = ::read(ends[0], part.data(), part.size());
      BOOST_REQUIRE_GT(count, 0);
      text.append(part.data(), static_cast<std::size_t>(count));
    }
    return text;
  }

  std::string next_line() const {
    std::string line;
    char next = 0;
    while (::read(ends[0], &next, 1) == 1 && next != '\n')
      line += next;
    return line;
  }

  std::array<int, 2> ends{-1, -1};
};

} // namespace

BOOST_AUTO_TEST_SUITE(line_writing)

BOOST_FIXTURE_TEST_CASE(writes_lines_in_order, pipe_fixture) {
  line_writer lines(input(), 1 << 20, missing);
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    lines.write(std::to_string(i));
    expected += std::to_string(i) + '\n';
  }
  BOOST_TEST(lines.flush(20s));
  BOOST_TEST(read_until("\n999\n") == expected);
  BOOST_TEST(lines.dropped() == 0u);
}

BOOST_FIXTURE_TEST_CASE(does_not_split_short_lines_between_writes, pipe_fixture) {
  line_writer lines(input(), 1 << 20, missing);
  const std::string first(3000, 'a');
  const std::string second(3000, 'b');
  const std::string longer_than_a_pipe_takes_at_once(10000, 'c');
  for (const auto& line : {first, longer_than_a_pipe_takes_at_once, second})
    lines.write(line);
  BOOST_TEST(read_until("b\n") == first + '\n' + longer_than_a_pipe_takes_at_once + '\n' + second + '\n');
}

BOOST_FIXTURE_TEST_CASE(never_waits_for_a_reader_and_says_what_is_missing, pipe_fixture) {
  constexpr std::size_t most = 100000;
  line_writer lines(input(), most, missing);
  const std::string line(99, 'x');
  constexpr std::uint64_t count = 10000; // 1 MB, of which a pipe takes 64 kB
  for (std::uint64_t i = 0; i < count; ++i)
    lines.write(line);
  const auto dropped = lines.dropped();
  BOOST_TEST(dropped > 0u);
  BOOST_TEST(!lines.flush(0ms));
  std::uint64_t written = 0;
  std::uint64_t missed = 0;
  while (written + missed < count) {
    const auto some = next_line();
    if (some == line)
      ++written;
    else
      missed += std::stoul(some.substr(std::string("missing ").size()));
  }
  BOOST_TEST(missed == dropped);
  BOOST_TEST(written >= most / 100);
  BOOST_TEST(lines.flush(20s));
  lines.write("after");
  BOOST_TEST(read_until("after\n") == "after\n");
  BOOST_TEST(lines.dropped() == dropped);
}

BOOST_FIXTURE_TEST_CASE(ends_although_nobody_reads, pipe_fixture) {
  const auto begin = std::chrono::steady_clock::now();
  {
    line_writer lines(::dup(input()), 1 << 20, missing); // never closed, as the thread is left behind
    for (int i = 0; i < 2000; ++i)
      lines.write(std::string(99, 'x'));
  }
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 10s));
  stop_reading(); // ends the blocked write
}

BOOST_FIXTURE_TEST_CASE(counts_lines_that_are_refused, pipe_fixture) {
  line_writer lines(input(), 1 << 20, missing);
  stop_reading();
  for (int i = 0; i < 3; ++i)
    lines.write("x");
  BOOST_TEST(lines.flush(20s)); // no signal, no waiting
  BOOST_TEST(lines.dropped() == 3u);
}

BOOST_AUTO_TEST_CASE(tells_of_refused_lines_once_lines_are_accepted_again) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE_EQUAL(::pipe2(ends.data(), O_CLOEXEC), 0);
  const int descriptor = ::dup(ends[1]);
  line_writer lines(descriptor, 1 << 20, missing);
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC); // NOLINT(cppcoreguidelines-pro-type-vararg)
  BOOST_REQUIRE_GE(full, 0);
  ::dup2(full, descriptor);
  lines.write("lost");
  BOOST_TEST(lines.flush(20s));
  BOOST_TEST(lines.dropped() == 1u);
  ::dup2(ends[1], descriptor);
  lines.write("kept");
  BOOST_TEST(lines.flush(20s));
  std::array<char, 64> text{};
  BOOST_TEST(::read(ends[0], text.data(), text.size()) > 0);
  std::string seen(text.data());
  while (seen.find("missing") == std::string::npos) {
    const auto count = ::read(ends[0], text.data(), text.size());
    BOOST_REQUIRE_GT(count, 0);
    seen.append(text.data(), static_cast<std::size_t>(count));
  }
  BOOST_TEST(seen == "kept\nmissing 1\n");
  for (const int each : {ends[0], ends[1], descriptor, full})
    ::close(each);
}

BOOST_FIXTURE_TEST_CASE(waits_for_a_non_blocking_descriptor, pipe_fixture) {
  ::fcntl(input(), F_SETFL, O_NONBLOCK);
  line_writer lines(input(), 1 << 20, missing);
  const std::string line(99, 'x');
  for (int i = 0; i < 5000; ++i) // 500 kB
    lines.write(line);
  lines.write("end");
  BOOST_TEST(read_until("end\n").size() == 5000 * 100 + 4u);
  BOOST_TEST(lines.dropped() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
