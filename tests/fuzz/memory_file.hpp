#pragma once

#include "tests/fuzz/fuzzer.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace winnow::fuzz {

/// A regular file in memory, whose content each input replaces: for readers that take a path.
class memory_file {
public:
  const std::filesystem::path& put(std::string_view content) {
    require(::ftruncate(descriptor_, 0) == 0 && ::lseek(descriptor_, 0, SEEK_SET) == 0);
    while (!content.empty()) {
      const auto written = ::write(descriptor_, content.data(), content.size());
      require(written > 0);
      content.remove_prefix(static_cast<std::size_t>(written));
    }
    return path_;
  }

private:
  int descriptor_ = ::memfd_create("input", MFD_CLOEXEC);
  std::filesystem::path path_ = "/proc/self/fd/" + std::to_string(descriptor_);
};

} // namespace winnow::fuzz
