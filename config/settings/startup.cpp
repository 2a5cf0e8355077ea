#include "config/settings/startup.hpp"

#include "config/settings/settings_report.hpp"
#include "config/version.hpp"

#include <utility>

namespace winnow {

startup_request read_settings(const program_info& program, int argc, const char* const* argv,
                              const environment& variables, const std::filesystem::path& directory) {
  using kind = startup_request::kind;
  constexpr int configuration_error = 78; // EX_CONFIG of sysexits.h
  const auto flags = parse_command_line(program, argc, argv);
  if (flags.help)
    return {kind::help, help_text(program), 0, {}};
  if (flags.version)
    return {kind::version, version_text(program.name), 0, {}};
  auto reading = combine_settings(flags, variables, directory);
  if (!reading.errors.empty())
    return {kind::invalid, error_report(program.name, reading.errors), configuration_error, {}};
  if (flags.check_config)
    return {kind::check_config, program.name + ": the settings are valid\n", 0, std::move(reading.loaded),
            flags.check_store};
  if (flags.print_config)
    return {kind::print_config, settings_report(reading.loaded), 0, std::move(reading.loaded),
            flags.check_store};
  if (flags.check_store)
    return {kind::check_store, {}, 0, std::move(reading.loaded)};
  return {kind::run, {}, 0, std::move(reading.loaded)};
}

} // namespace winnow
