#pragma once

#include "support/environment.hpp"
#include "tools/support/kafka_cluster.hpp"

#include <string>

namespace winnow::test {

using winnow::kafka_cluster;

/// The program that runs a cluster.
inline std::string kafka_mock() {
  return required_variable("WINNOW_BIN_DIR") + "/winnow-kafka-mock";
}

} // namespace winnow::test
