#pragma once

#include "config/settings/settings.hpp"

namespace winnow {

/// Checks what only librdkafka knows: whether it has the options, takes their values, and can read the files
/// that they name. Waits for no broker. Fails with `invalid_argument`; the message names the option.
result<void> check_kafka(const kafka_settings& settings);

} // namespace winnow
