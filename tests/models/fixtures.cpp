#include "tests/models/fixtures.hpp"

#include "support/environment.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace winnow::test {

std::filesystem::path fixture(const std::string& name) {
  return std::filesystem::path(required_variable("WINNOW_SOURCE_DIR")) / "tests" / "fixtures" / name;
}

temporary_file::temporary_file(std::string_view content) {
  auto name = (std::filesystem::temp_directory_path() / "winnow-test-XXXXXX").string();
  const auto descriptor = ::mkstemp(name.data());
  if (descriptor < 0)
    throw std::runtime_error("cannot create a temporary file");
  ::close(descriptor);
  path_ = name;
  write(content);
}

temporary_file::~temporary_file() {
  std::error_code ignored; // a leftover file fails no test
  std::filesystem::remove(path_, ignored);
}

void temporary_file::write(std::string_view content) const {
  std::ofstream(path_, std::ios::binary | std::ios::trunc)
      .write(content.data(), static_cast<std::streamsize>(content.size()));
}

} // namespace winnow::test
