#include "tools/winnowd/store_report.hpp"

#include "redis/fleet/fleet_check.hpp"
#include "redis/store_check.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <cstdio>
#include <string>

namespace winnow {

namespace {

std::string outcome_of(const command_check& check) {
  if (!check.failure)
    return "ok";
  return check.failure->message + (check.command.without_it.empty()
                                       ? "; indispensable"
                                       : "; instead: " + std::string(check.command.without_it));
}

void print_row(const std::string& command, std::string_view needed_for, const std::string& outcome) {
  std::printf("%-16s%-47.*s%s\n", command.c_str(), static_cast<int>(needed_for.size()), needed_for.data(),
              outcome.c_str());
}

int refuse(const error& why) {
  std::fprintf(stderr, "winnowd: %s\n", why.message.c_str());
  const bool wrong_settings = why.cause == fault::denied || why.cause == fault::invalid_argument;
  return wrong_settings ? exit_codes::config : exit_codes::unavailable;
}

/// Prints the commands of a fleet. @return Whether all of them work.
bool print_fleet(const std::vector<fleet_command_check>& checks) {
  bool all_work = true;
  for (const auto& check : checks) {
    print_row(check.name, check.needed_for,
              check.failure ? check.failure->message + "; indispensable" : "ok");
    all_work = all_work && !check.failure;
  }
  return all_work;
}

} // namespace

int report_store(const store_settings& settings, bool is_fleet) {
  if (is_embedded(settings.address)) {
    std::puts("The embedded store needs no rights.");
    return exit_codes::success;
  }
  const auto checks = check_store(settings);
  if (!checks)
    return refuse(checks.error());
  std::printf("%s\n\n", to_string(settings.address).c_str());
  print_row("command", "needed for", "result");
  for (const auto& check : *checks)
    print_row(display_name(check.command), check.command.needed_for, outcome_of(check));
  bool suffices = is_sufficient(*checks);
  auto rights = acl_line(settings.address.user);
  if (is_fleet) {
    const auto shared = check_fleet(settings);
    if (!shared)
      return refuse(shared.error());
    suffices = print_fleet(*shared) && suffices;
    rights += " " + fleet_acl_words();
  }
  std::printf("\nAll rights that Winnow can use:\n\nredis-cli %s\n", rights.c_str());
  if (suffices)
    return exit_codes::success;
  std::fputs("winnowd: the store lacks what is indispensable\n", stderr);
  return exit_codes::store_lacks_rights;
}

} // namespace winnow
