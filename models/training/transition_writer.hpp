#pragma once

#include "config/error.hpp"
#include "models/catalogue/id_table.hpp"
#include "models/transitions/transition_table.hpp"

#include <filesystem>

namespace winnow {

/// Writes what `read_transitions` reads: item by item, heaviest successors first. Blocking.
result<void> write_transitions(const std::filesystem::path& path, const id_table& items,
                               const transition_counts& counts);

} // namespace winnow
