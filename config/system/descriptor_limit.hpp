#pragma once

#include <cstddef>

namespace winnow {

/// Raises this process's limit of open files to the most that the system allows it. Called once, at the
/// start. Returns the limit that now applies; if raising it fails, a warning is logged and the old limit
/// stays.
std::size_t raise_descriptor_limit();

/// How many client connections fit below `limit` open files: at most `wanted`, and few enough that
/// connections that are turned away, the store, model files and operators always find a free descriptor.
std::size_t connections_below(std::size_t limit, std::size_t wanted) noexcept;

} // namespace winnow
