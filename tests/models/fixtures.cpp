#include "tests/models/fixtures.hpp"

#include "support/environment.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

namespace winnow::test {

namespace {

std::filesystem::path source_dir() {
  return required_variable("WINNOW_SOURCE_DIR");
}

} // namespace

std::filesystem::path fixture(const std::string& name) {
  return source_dir() / "tests" / "fixtures" / name;
}

std::optional<std::filesystem::path> shared_data() {
  const auto dir = environment_variable("WINNOW_SHARED_DIR");
  const auto data = (dir ? std::filesystem::path(*dir) : source_dir() / ".." / "shared") / "data";
  return std::filesystem::is_directory(data) ? std::optional(data) : std::nullopt;
}

boost::test_tools::assertion_result has_shared_data(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result there(shared_data().has_value());
  if (!there) {
    std::cerr << "SKIPPED: no shared data here (WINNOW_SHARED_DIR)\n";
    there.message() << "no shared data here (WINNOW_SHARED_DIR)";
  }
  return there;
}

temporary_file::temporary_file(std::string_view content) {
  auto name = (std::filesystem::temp_directory_path() / "winnow-test-XXXXXX").string();
  const auto descriptor = ::mkstemp(name.data());
  if (descriptor < 0)
    throw std::runtime_error("cannot make a temporary file");
  ::close(descriptor);
  path_ = name;
  write(content);
}

temporary_file::~temporary_file() {
  std::error_code ignored; // a file that stays behind fails no test
  std::filesystem::remove(path_, ignored);
}

void temporary_file::write(std::string_view content) const {
  std::ofstream(path_, std::ios::binary | std::ios::trunc)
      .write(content.data(), static_cast<std::streamsize>(content.size()));
}

temporary_directory::temporary_directory() {
  auto name = (std::filesystem::temp_directory_path() / "winnow-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error("cannot make a temporary directory");
  path_ = name;
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace winnow::test
