#pragma once

#include "actors/stages/fault_injection.hpp"
#include "http/message.hpp"

namespace winnow {

/// `POST /faults/{stage}?kind=&batches=&ms=`: injects a fault into a stage.
/// @param faults Null if fault injection is disabled; the answer then says how to enable it.
http::response order_fault(fault_injection* faults, const http::request& request);

/// `DELETE /faults`: clears all faults.
/// @param faults As above.
http::response clear_faults(fault_injection* faults);

} // namespace winnow
