#pragma once

#include "config/error.hpp"

#include <array>

namespace winnow {

/// Every cause of failure, in the order of `fault`. Used, for example, to export counters at zero before
/// anything fails.
inline constexpr std::array all_faults{
    fault::invalid_argument, fault::malformed, fault::unsupported, fault::too_large,  fault::not_found,
    fault::denied,           fault::conflict,  fault::unavailable, fault::overloaded, fault::timeout,
    fault::out_of_space,     fault::io_error,  fault::internal,
};

static_assert(all_faults.size() == static_cast<std::size_t>(fault::internal), "a cause is missing");

} // namespace winnow
