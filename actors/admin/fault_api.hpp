#pragma once

#include "actors/stages/fault_injection.hpp"
#include "http/message.hpp"

namespace winnow {

/// `POST /faults/{stage}?kind=&batches=&ms=`: something shall go wrong in a stage.
/// @param faults Null: refused with how to allow it.
http::response order_fault(fault_injection* faults, const http::request& asked);

/// `DELETE /faults`: nothing goes wrong any more.
http::response clear_faults(fault_injection* faults);

} // namespace winnow
