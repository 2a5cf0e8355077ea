#pragma once

#include <string>

namespace winnow {

/// A directory of its own under the system's, removed with everything in it at the end. Throws where it
/// cannot be made. Its path is short enough for Unix sockets.
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
