#pragma once

#include <chrono>
#include <filesystem>
#include <system_error>

namespace winnow {

/// For how long a fleet keeps the names of the users whom its replicas are to forget.
constexpr std::chrono::hours fleet_memory{24};

/// Whether a file of what a replica knows was last written so long ago that the fleet may have been told to
/// forget users since, whom it no longer names. False if there is no file.
inline bool is_older_than_fleet_memory(const std::filesystem::path& file) {
  std::error_code missing;
  const auto written = std::filesystem::last_write_time(file, missing);
  return !missing && std::filesystem::file_time_type::clock::now() - written > fleet_memory;
}

} // namespace winnow
