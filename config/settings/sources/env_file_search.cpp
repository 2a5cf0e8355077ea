#include "config/settings/sources/env_file_search.hpp"

#include <system_error>
#include <unistd.h>

namespace winnow {

namespace {

constexpr const char* env_file_variable = "ENV_FILE";

/// Whether the folder of a file must not be searched, so that nobody can tell if there is such a file.
bool is_hidden(const std::filesystem::path& file) {
  std::error_code reason;
  static_cast<void>(std::filesystem::symlink_status(file, reason));
  return reason == std::errc::permission_denied;
}

std::string this_user() {
  return "user " + std::to_string(::geteuid());
}

} // namespace

bool names_env_file(const env_variables& variables) {
  const auto named = variables.find(env_file_variable);
  return named != variables.end() && !named->second.empty();
}

found_env_file find_env_file(const env_variables& variables, const std::filesystem::path& directory) {
  const bool is_named = names_env_file(variables);
  found_env_file found;
  found.name = is_named ? variables.at(env_file_variable) : ".env";
  const auto file = directory / found.name;
  auto entries = read_env_file(file, variables);
  if (entries) {
    found.entries = *std::move(entries);
    return found;
  }
  const auto what =
      (is_named ? "environment " + std::string(env_file_variable) + ": " : "") + entries.error().message;
  const auto cause = entries.error().cause;
  // The Python service goes on without what is not a file. Docker makes a directory of a missing bind source.
  // A file that is there is never ignored: it may hold what closes the service, such as tokens. In a folder
  // that must not be searched there is hardly one for this user, unless ENV_FILE names it.
  if (!is_named && is_hidden(file))
    found.warning =
        what + "; " + this_user() + " must not search the folder, so a .env that may be there is ignored";
  else if (cause == fault::io_error)
    found.problem = what + "; expected a file that " + this_user() + " can read";
  else if (cause != fault::not_found && cause != fault::invalid_argument)
    found.problem = what;
  else if (is_named || cause != fault::not_found)
    found.warning = what + "; ignored";
  return found;
}

} // namespace winnow
