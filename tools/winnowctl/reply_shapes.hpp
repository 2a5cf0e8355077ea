#pragma once

#include "tools/winnowctl/admin_reply.hpp"
#include "tools/winnowctl/ctl_options.hpp"

namespace winnow {

/// By what winnowd's answer to GET /status is known.
reply_shape shape_of_status();

/// By what the answer to a command's question is known.
reply_shape shape_for(const ctl_options& asked);

} // namespace winnow
