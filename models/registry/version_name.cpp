#include "models/registry/version_name.hpp"

#include <ctime>
#include <system_error>

namespace winnow {

namespace {

namespace fs = std::filesystem;

fs::path resolved(const fs::path& path) {
  std::error_code failed;
  auto found = fs::weakly_canonical(path, failed);
  return failed ? path : found;
}

} // namespace

bool is_version_name(std::string_view name) {
  constexpr std::size_t longest = 100;
  return !name.empty() && name.size() <= longest && name.front() != '.' && name != flat_version &&
         name != "rollback" && name != "report" &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_") ==
             std::string_view::npos;
}

std::string make_version_name(std::int64_t unix_time, std::string_view digest) {
  constexpr std::size_t digits = 8;
  const auto seconds = static_cast<std::time_t>(unix_time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  const auto length = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return std::string(text, length) + "-" + std::string(digest.substr(0, digits));
}

bool is_published(const fs::path& home, const fs::path& directory) {
  return resolved(directory).parent_path() == resolved(home / versions_directory);
}

std::string version_behind(const fs::path& home, const std::string& name) {
  const auto directory = home / versions_directory / name;
  if (!is_version_name(name) || !is_published(home, directory))
    return name;
  auto target = resolved(directory).filename().string();
  return is_version_name(target) ? target : name;
}

std::string version_name_of(const fs::path& home, const fs::path& directory) {
  const auto inside = resolved(directory), outside = resolved(home);
  if (inside == outside)
    return std::string(flat_version);
  if (is_published(home, directory))
    return inside.filename().string();
  const auto below = inside.lexically_relative(outside);
  return below.empty() || *below.begin() == ".." ? inside.string() : "./" + below.generic_string();
}

} // namespace winnow
