#include "config/files/library_files.hpp"

#include "config/files/open_file.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace winnow {

namespace {

namespace fs = std::filesystem;

/// Whether OpenSSL looks for a certificate under this name, such as `0a1b2c3d.0`, or for a list of revoked
/// ones, such as `0a1b2c3d.r0`.
bool is_hashed_name(std::string_view name) {
  constexpr std::size_t hash_digits = 8;
  if (name.size() < hash_digits + 2 || name[hash_digits] != '.')
    return false;
  const auto is_hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
  return std::all_of(name.begin(), name.begin() + hash_digits, is_hex) &&
         std::isdigit(static_cast<unsigned char>(name.back())) != 0;
}

const char* variable(const char* name) {
  return std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing changes the environment
}

result<void> check_directory(const fs::path& directory) {
  std::error_code failed;
  for (fs::directory_iterator at(directory, failed), end; !failed && at != end; at.increment(failed))
    if (is_hashed_name(at->path().filename().string()))
      if (auto checked = check_library_file(at->path()); !checked)
        return checked;
  return {};
}

} // namespace

result<void> check_library_file(const fs::path& file) {
  struct stat status = {};
  if (::stat(file.c_str(), &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
    return {};
  return fail(fault::invalid_argument,
              file.string() + ": expected a regular file, got " + std::string(kind_of(status)));
}

result<void> check_authorities(const fs::path& where) {
  std::error_code unknown;
  return fs::is_directory(where, unknown) ? check_directory(where) : check_library_file(where);
}

result<void> check_system_authorities() {
  if (const char* const file = variable("SSL_CERT_FILE"); file != nullptr)
    if (auto checked = check_library_file(file); !checked)
      return checked;
  const char* const directories = variable("SSL_CERT_DIR");
  for (std::string_view left = directories != nullptr ? directories : ""; !left.empty();) {
    const auto one = left.substr(0, left.find(':'));
    if (auto checked = check_authorities(one); !checked)
      return checked;
    left.remove_prefix(std::min(left.size(), one.size() + 1));
  }
  return {};
}

} // namespace winnow
