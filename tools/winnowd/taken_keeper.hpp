#pragma once

#include "config/error.hpp"
#include "models/online/taken_watch.hpp"

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace winnow {

/// Keeps over restarts what users took: reads the file at the start, writes it now and then if something has
/// changed, and at the end. A file that is damaged is logged and replaced. Owned by the main thread.
class taken_keeper {
public:
  /// Reads the file, and starts its thread. @param interval How often to write at most. @param is_in_fleet
  ///   The users' lists in a file of more than a day ago are dropped: the fleet may have been told to forget
  ///   users since, and no longer says whom.
  taken_keeper(std::shared_ptr<taken_watch> watch, std::filesystem::path file,
               std::chrono::milliseconds interval, bool is_in_fleet);

  /// Writes for the last time.
  ~taken_keeper();
  taken_keeper(const taken_keeper&) = delete;
  taken_keeper& operator=(const taken_keeper&) = delete;

private:
  result<void> read() const;
  void run();
  void save();

  const std::shared_ptr<taken_watch> watch_;
  const std::filesystem::path file_;
  const std::chrono::milliseconds interval_;
  const bool is_in_fleet_;
  std::uint64_t saved_changes_ = 0, saved_forgotten_ = 0; ///< As of the last writing.
  bool failed_ = false;                                   ///< As was logged.
  std::mutex mutex_;                                      ///< Guards what follows.
  std::condition_variable changed_;
  bool is_over_ = false;
  std::thread thread_;
};

/// The file: beside what was learned.
/// @param learned The configured file for that; empty: the one in the model directory.
std::filesystem::path taken_file(const std::string& learned, const std::filesystem::path& home);

} // namespace winnow
