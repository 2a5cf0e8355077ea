#include "config/system/admin_token_file.hpp"

#include "config/system/secret_token.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace winnow {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing changes the environment
  return value && *value == '/' ? value : "";
}

struct place {
  std::string directory;
  bool is_made = true; ///< If it does not exist; systemd has made its own.
};

std::vector<place> places() {
  std::vector<place> all;
  const auto of_service = variable("RUNTIME_DIRECTORY"); // separated by colons if there are several
  if (!of_service.empty())
    all.push_back({of_service.substr(0, of_service.find(':')), false});
  if (const auto of_user = variable("XDG_RUNTIME_DIR"); !of_user.empty())
    all.push_back({of_user + "/winnow"});
  all.push_back({"/run/winnow"});
  all.push_back({"/tmp/winnow-" + std::to_string(::geteuid())});
  return all;
}

/// Two daemons may have the same port at different addresses, such as 127.0.0.1 and 127.0.0.2.
std::string file_name(const admin_address& address) {
  constexpr std::array<std::string_view, 4> usual{"127.0.0.1", "localhost", "0.0.0.0", "::"};
  const bool is_usual = std::find(usual.begin(), usual.end(), address.host) != usual.end();
  return "admin-" + (is_usual ? "" : address.host + "-") + std::to_string(address.port) + ".token";
}

/// Returns the token in a file; nullopt if it holds none. The token is sent to the process that listens at
/// the endpoint. So nothing but a token may be read: another user may have put a pipe there, or a link to a
/// secret.
std::optional<std::string> read_token(const std::string& file) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int opened = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (opened < 0)
    return std::nullopt;
  std::array<char, secret_token_size + 1> text{}; // with the end of the line
  struct stat found {};
  const bool is_file = ::fstat(opened, &found) == 0 && S_ISREG(found.st_mode);
  const auto size = is_file ? ::read(opened, text.data(), text.size()) : -1;
  ::close(opened);
  const std::string_view line(text.data(), secret_token_size);
  if (size != static_cast<ssize_t>(text.size()) || text.back() != '\n' ||
      line.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  return std::string(line);
}

/// Every file that may hold the token.
std::vector<std::string> candidates(const admin_address& address, const std::string& file) {
  if (!file.empty())
    return {file};
  if (!address.unix_path.empty())
    return {address.unix_path + ".token"};
  std::vector<std::string> files;
  for (const auto& where : places())
    files.push_back(where.directory + "/" + file_name(address));
  auto all_addresses = address; // a daemon there can be reached at each of them
  all_addresses.host = "0.0.0.0";
  if (file_name(all_addresses) != file_name(address))
    for (const auto& where : places())
      files.push_back(where.directory + "/" + file_name(all_addresses));
  return files;
}

} // namespace

result<private_file> write_admin_token(const admin_address& address, const std::string& file,
                                       const std::string& token) {
  if (!file.empty() || !address.unix_path.empty())
    return private_file::create(candidates(address, file).front(), token + "\n");
  error last{fault::not_found, "there is no directory for it"};
  std::string problems;
  for (const auto& where : places()) {
    const auto usable = where.is_made ? make_private_directory(where.directory) : result<void>();
    auto made = usable ? private_file::create(where.directory + "/" + file_name(address), token + "\n")
                       : result<private_file>(tl::unexpected<error>(usable.error()));
    if (made)
      return made;
    problems += (problems.empty() ? "" : "; ") + made.error().message;
    last.cause = made.error().cause;
  }
  return fail(last.cause, problems);
}

result<std::vector<std::string>> read_admin_tokens(const admin_address& address, const std::string& file) {
  std::vector<std::string> tokens;
  for (const auto& one : candidates(address, file))
    if (auto token = read_token(one))
      tokens.push_back(std::move(*token));
  if (tokens.empty() && !file.empty())
    return fail(fault::not_found, "cannot read a token from " + file);
  return tokens;
}

} // namespace winnow
