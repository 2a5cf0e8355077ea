#include "tools/winnowd/store_report.hpp"

#include "config/text/quoted_text.hpp"
#include "redis/fleet/fleet_check.hpp"
#include "redis/store_check.hpp"
#include "tools/winnowd/exit_codes.hpp"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace winnow {

namespace {

std::string outcome_of(const command_check& check) {
  if (!check.failure)
    return "ok";
  return check.failure->message + (check.command.without_it.empty()
                                       ? "; indispensable"
                                       : "; instead: " + std::string(check.command.without_it));
}

struct row {
  std::string command, needed_for, outcome;
};

/// The columns are as wide as their longest text.
void print(const std::vector<row>& rows) {
  std::size_t commands = 0, needs = 0;
  for (const auto& one : rows) {
    commands = std::max(commands, one.command.size());
    needs = std::max(needs, one.needed_for.size());
  }
  for (const auto& one : rows)
    std::printf("%-*s  %-*s  %s\n", static_cast<int>(commands), one.command.c_str(), static_cast<int>(needs),
                one.needed_for.c_str(), printable_text(one.outcome).c_str()); // may be in Redis's words
}

int refuse(const error& why) {
  std::fprintf(stderr, "winnowd: %s\n", printable_text(why.message).c_str());
  const bool wrong_settings = why.cause == fault::denied || why.cause == fault::invalid_argument;
  return wrong_settings ? exit_codes::config : exit_codes::unavailable;
}

/// Adds the commands of a fleet. @return Whether all of them work.
bool add_fleet(const std::vector<fleet_command_check>& checks, std::vector<row>& rows) {
  bool all_work = true;
  for (const auto& check : checks) {
    rows.push_back({std::string(check.name), std::string(check.needed_for),
                    check.failure ? check.failure->message + "; indispensable" : "ok"});
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
  std::vector<row> rows{{"command", "needed for", "result"}};
  for (const auto& check : *checks)
    rows.push_back({display_name(check.command), std::string(check.command.needed_for), outcome_of(check)});
  bool suffices = is_sufficient(*checks);
  auto rights = acl_line(settings.address.user);
  if (is_fleet) {
    const auto shared = check_fleet(settings);
    if (!shared)
      return refuse(shared.error());
    suffices = add_fleet(*shared, rows) && suffices;
    rights += " " + fleet_acl_words();
  }
  std::printf("%s\n\n", to_string(settings.address).c_str());
  print(rows);
  std::printf("\nAll rights that Winnow can use:\n\nredis-cli %s\n", rights.c_str());
  if (suffices)
    return exit_codes::success;
  std::fputs("winnowd: the store lacks what is indispensable\n", stderr);
  return exit_codes::store_lacks_rights;
}

} // namespace winnow
