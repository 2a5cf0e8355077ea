#pragma once

#include "support/child_process.hpp"
#include "support/http_client.hpp"
#include "support/redis_server.hpp"
#include "support/temp_dir.hpp"

#include <future>
#include <optional>
#include <string>
#include <vector>

namespace winnow::test {

using strings = std::vector<std::string>;

/// Returns the model directory of the bookshop fixture.
std::string bookshop_dir();

/// Returns the sanitizers' options in the environment as NAME=value, for programs that inherit nothing else.
strings sanitizer_options();

/// Where the daemon's standard error goes.
enum class errors_to {
  file,
  pipe,   ///< Nobody reads it before `errors` is called, or what calls that.
  nowhere ///< The stream is closed from the start.
};

/// A winnowd process in an empty directory. Its environment is only `environment` (`NAME=value`) and the
/// sanitizers' options.
class daemon_process {
public:
  explicit daemon_process(const strings& arguments, const strings& environment = {},
                          errors_to destination = errors_to::file);
  ~daemon_process() { close_error_pipe(); }
  daemon_process(const daemon_process&) = delete;
  daemon_process& operator=(const daemon_process&) = delete;

  /// Waits until it listens. If it does not, fails the test and reports its output.
  daemon_process& wait_for_port();

  /// Waits until it listens and is ready.
  daemon_process& wait_until_ready();

  const http_client& http() const { return *http_; }
  void signal(int number) const { process_.signal(number); }

  /// Waits for the process to exit and returns its exit code; nullopt if it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    return process_.wait(limit);
  }

  /// Return what it has printed so far to standard output and standard error.
  std::string output() const;
  std::string errors() const;
  strings error_lines() const;
  bool wait_for_error_line(const std::string& part) const;

  /// Returns the address of the admin endpoint, `host:port`, as it has printed it; empty if it has not yet.
  std::string admin_address() const;

  /// The reader of the pipe goes away.
  void close_error_pipe();

  /// Returns the value of a metric without labels; NaN if there is none.
  double metric(const std::string& name) const;

private:
  /// Opens the reading end of the pipe for standard error, which `destination` may ask for; otherwise -1.
  int open_error_pipe(errors_to destination) const;

  temp_dir directory_;
  int error_pipe_;
  mutable std::string read_errors_; ///< What was read from the pipe.
  child_process process_;
  std::optional<http_client> http_;
};

/// Returns flags for a daemon that uses this Redis server and listens on a free loopback port.
strings flags_for(const redis_server& redis, const strings& further = {});

/// Waits until Redis has a list for the user that differs from `other`, and returns it. Fails the test if
/// none appears.
std::string wait_for_list(const redis_server& redis, const std::string& user,
                          const std::string& other = "(nil)");

/// Returns a profile of `length` books that starts with book number `first`.
std::string books(std::size_t length, std::size_t first = 0);

/// Sends POST /recommend for the user on a separate thread. Returns the status; 0 if there is no answer.
std::future<unsigned> recommend_later(const daemon_process& asked, const std::string& user);

/// The metric that counts recommendations in the pipeline.
inline const std::string in_flight = "winnow_recommender_in_flight";

} // namespace winnow::test
