#include "tools/support/temp_dir.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace winnow {

temp_dir::temp_dir() : path_((std::filesystem::temp_directory_path() / "winnow-XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr)
    throw std::system_error(errno, std::generic_category(), path_);
}

temp_dir::~temp_dir() {
  std::error_code ignored; // A file that cannot be removed must not change the result of the test.
  std::filesystem::remove_all(path_, ignored);
}

} // namespace winnow
