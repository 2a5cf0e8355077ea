#pragma once

#include "config/settings/settings.hpp"

namespace winnow {

/// Checks what only librdkafka knows: whether it has the options, and takes their values. Connects to
/// nothing. Fails with `invalid_argument`; the message names the option.
result<void> check_kafka(const kafka_settings& settings);

} // namespace winnow
