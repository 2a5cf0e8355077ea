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

/// The model directory of the small bookshop among the fixtures.
std::string bookshop_dir();

/// What sanitizers are told by the environment, as NAME=value: for programs that get none of the rest of it.
strings sanitizer_options();

/// A winnowd process, in an empty directory and with an environment of its own: nothing but `environment`
/// (`NAME=value`) and what the sanitizers need.
class daemon_process {
public:
  explicit daemon_process(strings arguments, const strings& environment = {});

  /// Waits until it listens. Fails the test, with what it printed, where it does not.
  daemon_process& wait_for_port();

  /// Waits until it listens and is ready.
  daemon_process& wait_until_ready();

  const http_client& http() const { return *http_; }
  void signal(int number) const { process_.signal(number); }

  /// Waits for its end. None: it still runs.
  std::optional<int> wait(std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    return process_.wait(limit);
  }

  /// What it has printed so far: standard output, standard error.
  std::string output() const;
  std::string errors() const;
  strings error_lines() const;
  bool wait_for_error_line(const std::string& part) const;

  /// The value of a metric without labels; NaN where there is none.
  double metric(const std::string& name) const;

private:
  temp_dir directory_;
  child_process process_;
  std::optional<http_client> http_;
};

/// `--store redis://…` and a free port of the loopback address for a daemon on this server.
strings flags_for(const redis_server& redis, const strings& further = {});

/// Waits until Redis has a list of the user that is not `other`. Fails the test where none comes.
std::string wait_for_list(const redis_server& redis, const std::string& user,
                          const std::string& other = "(nil)");

/// A profile of `length` books, beginning with the `first`.
std::string books(std::size_t length, std::size_t first = 0);

/// POST /recommend of that user in a thread of its own; the status, 0 where no answer came.
std::future<unsigned> recommend_later(const daemon_process& asked, const std::string& user);

/// The metric that counts recommendations in the pipeline.
inline const std::string in_flight = "winnow_recommender_in_flight";

} // namespace winnow::test
