#pragma once

#include "config/settings/settings.hpp"

namespace winnow {

/// `--check-store`: tries every command that the daemon needs on the configured store, and prints a table and
/// the rights to give. @param is_fleet Also those of a fleet. @return The exit code.
int report_store(const store_settings& settings, bool is_fleet);

} // namespace winnow
