#pragma once

#include <string>

namespace winnow {

/// A new directory in the system's directory for temporary files, removed with its contents by the
/// destructor. Throws if it cannot be created. Its path is short enough for Unix sockets.
class temp_dir {
public:
  temp_dir();
  ~temp_dir();
  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;

  const std::string& path() const noexcept { return path_; }

private:
  std::string path_;
};

} // namespace winnow
