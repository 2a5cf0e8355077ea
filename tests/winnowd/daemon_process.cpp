#include "daemon_process.hpp"

#include "support/environment.hpp"
#include "support/files.hpp"
#include "support/wait_until.hpp"

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace winnow::test {

namespace {

/// Returns the command line: env sets the environment and a shell separates the two streams. Both exec the
/// next program, so the process is the daemon itself.
strings command(strings arguments, const strings& environment, const std::string& directory,
                errors_to destination) {
  strings words{"env", "-i", "-C", directory};
  for (auto& option : sanitizer_options())
    words.push_back(std::move(option));
  words.insert(words.end(), environment.begin(), environment.end());
  words.insert(words.end(),
               {"/bin/sh", "-c",
                destination == errors_to::nowhere ? R"(exec "$@" 2>&-)" : R"(exec "$@" 2> errors)", "sh"});
  words.push_back(required_variable("WINNOW_BIN_DIR") + "/winnowd");
  words.insert(words.end(), std::make_move_iterator(arguments.begin()),
               std::make_move_iterator(arguments.end()));
  return words;
}

/// Keeps the last of several equal flags, so that a test can change those that all tests share.
strings without_repetitions(const strings& arguments) {
  std::vector<strings> groups; // a flag and its values
  for (const auto& word : arguments) {
    const bool is_flag = word.compare(0, 2, "--") == 0;
    if (is_flag)
      groups.erase(std::remove_if(groups.begin(), groups.end(),
                                  [&](const strings& group) { return group.front() == word; }),
                   groups.end());
    if (is_flag || groups.empty())
      groups.emplace_back();
    groups.back().push_back(word);
  }
  strings kept;
  for (const auto& group : groups)
    kept.insert(kept.end(), group.begin(), group.end());
  return kept;
}

strings book_ids() {
  std::ifstream file(bookshop_dir() + "/items.csv");
  strings ids;
  std::string line;
  std::getline(file, line); // the header
  while (std::getline(file, line))
    ids.push_back(line.substr(0, line.find(',')));
  return ids;
}

} // namespace

strings sanitizer_options() {
  strings options;
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"})
    if (const auto value = environment_variable(name))
      options.push_back(name + ("=" + *value));
  return options;
}

std::string bookshop_dir() {
  return required_variable("WINNOW_SOURCE_DIR") + "/tests/fixtures/bookshop";
}

daemon_process::daemon_process(const strings& arguments, const strings& environment, errors_to destination)
    : error_pipe_(open_error_pipe(destination)),
      process_(command(without_repetitions(arguments), environment, directory_.path(), destination),
               directory_.path() + "/output") {}

int daemon_process::open_error_pipe(errors_to destination) const {
  if (destination != errors_to::pipe)
    return -1;
  const std::string path = directory_.path() + "/errors";
  BOOST_REQUIRE_EQUAL(::mkfifo(path.c_str(), 0600), 0);
  // For reading and writing, because opening it for reading alone waits for the daemon.
  return ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC); // NOLINT(cppcoreguidelines-pro-type-vararg)
}

void daemon_process::close_error_pipe() {
  if (error_pipe_ >= 0)
    ::close(std::exchange(error_pipe_, -1));
}

daemon_process& daemon_process::wait_for_port() {
  const std::string announcement = "winnowd listening on http://127.0.0.1:";
  std::string printed;
  wait_until([&] {
    printed = output();
    return process_.exit_code() ||
           (printed.find(announcement) == 0 && printed.find('\n') != std::string::npos);
  });
  BOOST_REQUIRE_MESSAGE(printed.find(announcement) == 0, "winnowd does not listen: " << printed << errors());
  http_.emplace(static_cast<std::uint16_t>(std::stoul(printed.substr(announcement.size()))));
  return *this;
}

daemon_process& daemon_process::wait_until_ready() {
  wait_for_port();
  BOOST_REQUIRE_MESSAGE(wait_until([this] { return http().get("/readyz").status == 200; }),
                        "not ready: " << http().get("/readyz").body << errors());
  return *this;
}

std::string daemon_process::output() const {
  return written_so_far(directory_.path() + "/output");
}

std::string daemon_process::admin_address() const {
  const std::string announcement = "winnowd admin on http://";
  const auto printed = output();
  const auto at = printed.find(announcement);
  const auto end = printed.find('\n', at);
  if (at == std::string::npos || end == std::string::npos)
    return {};
  return printed.substr(at + announcement.size(), end - at - announcement.size());
}

std::string daemon_process::errors() const {
  if (error_pipe_ < 0)
    return written_so_far(directory_.path() + "/errors");
  std::array<char, 4096> part{};
  for (auto count = ::read(error_pipe_, part.data(), part.size()); count > 0;
       count = ::read(error_pipe_, part.data(), part.size()))
    read_errors_.append(part.data(), static_cast<std::size_t>(count));
  return read_errors_;
}

strings daemon_process::error_lines() const {
  std::istringstream text(errors());
  strings lines;
  for (std::string line; std::getline(text, line);)
    lines.push_back(line);
  return lines;
}

bool daemon_process::wait_for_error_line(const std::string& part) const {
  return wait_until([&] { return errors().find(part) != std::string::npos; });
}

double daemon_process::metric(const std::string& name) const {
  std::istringstream text(http().get("/metrics", {{"Accept", "text/plain"}}).body);
  for (std::string line; std::getline(text, line);)
    if (line.compare(0, name.size() + 1, name + " ") == 0)
      return std::stod(line.substr(name.size()));
  return std::nan("");
}

strings flags_for(const redis_server& redis, const strings& further) {
  strings flags{"--host",      "127.0.0.1",
                "--admin",     "off",
                "--port",      "0",
                "--model-dir", bookshop_dir(),
                "--store",     "redis://127.0.0.1:" + std::to_string(redis.port())};
  // Time-outs too long for any slow machine to reach, and short reconnect pauses so that no test waits.
  const strings usual{"--deadline",      "20s",  "--command-timeout", "20s",  "--connect-timeout", "20s",
                      "--reconnect-min", "20ms", "--reconnect-max",   "100ms"};
  flags.insert(flags.end(), usual.begin(), usual.end());
  if (std::find(further.begin(), further.end(), "--learn-state") == further.end())
    flags.insert(flags.end(), {"--learn-state", "learned"}); // nothing is kept beside the fixtures
  flags.insert(flags.end(), further.begin(), further.end());
  return flags;
}

std::string wait_for_list(const redis_server& redis, const std::string& user, const std::string& other) {
  std::string list;
  BOOST_REQUIRE_MESSAGE(wait_until([&] {
                          list = redis.call({"GET", "recommendations:" + user});
                          return list != "(nil)" && list != other;
                        }),
                        "no list for " << user);
  return list;
}

std::string books(std::size_t length, std::size_t first) {
  static const strings ids = book_ids();
  auto items = nlohmann::json::array();
  for (std::size_t i = 0; i < length; ++i)
    items.push_back(ids[(first + i) % ids.size()]);
  return items.dump();
}

std::future<unsigned> recommend_later(const daemon_process& asked, const std::string& user) {
  return std::async(std::launch::async, [client = asked.http(), user] {
    try {
      return client.post("/recommend/" + user).status;
    } catch (const std::runtime_error&) {
      return 0u;
    }
  });
}

} // namespace winnow::test
