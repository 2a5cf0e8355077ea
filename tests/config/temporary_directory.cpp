#include "temporary_directory.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <system_error>

temporary_directory::temporary_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "winnow-config-XXXXXX").string();
  BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

temporary_directory::~temporary_directory() {
  std::error_code failure;
  std::filesystem::remove_all(path_, failure);
  BOOST_WARN_MESSAGE(!failure, "could not remove " << path_ << ": " << failure.message());
}

std::string temporary_directory::write(std::string_view name, std::string_view text) const {
  const auto file = path_ / name;
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}
