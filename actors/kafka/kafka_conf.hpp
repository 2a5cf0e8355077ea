#pragma once

#include "config/error.hpp"
#include "config/settings/settings.hpp"

#include <librdkafka/rdkafka.h>
#include <memory>
#include <string_view>

namespace winnow {

/// Private to this folder: librdkafka's objects with owners, and its configuration.

template<auto Destroy>
struct rd_kafka_deleter {
  template<class Object>
  void operator()(Object* object) const {
    Destroy(object);
  }
};

using rd_kafka_conf_ptr = std::unique_ptr<rd_kafka_conf_t, rd_kafka_deleter<rd_kafka_conf_destroy>>;
using rd_kafka_message_ptr = std::unique_ptr<rd_kafka_message_t, rd_kafka_deleter<rd_kafka_message_destroy>>;
using rd_kafka_error_ptr = std::unique_ptr<rd_kafka_error_t, rd_kafka_deleter<rd_kafka_error_destroy>>;
using rd_kafka_queue_ptr = std::unique_ptr<rd_kafka_queue_t, rd_kafka_deleter<rd_kafka_queue_destroy>>;
using partition_list_ptr =
    std::unique_ptr<rd_kafka_topic_partition_list_t, rd_kafka_deleter<rd_kafka_topic_partition_list_destroy>>;

/// The configuration of a consumer that commits by itself nothing, or of a producer. What librdkafka logs
/// goes to the daemon's log. Fails with `invalid_argument` if an option is unknown, has a wrong value, or
/// would let messages get lost; the message names it.
result<rd_kafka_conf_ptr> consumer_conf(const kafka_settings& settings);
result<rd_kafka_conf_ptr> producer_conf(const kafka_settings& settings);

/// What librdkafka warns of repeats, so it is logged at most once a minute, with a count. Logs counts that
/// are due; to be called from time to time.
void report_due_client_warnings();

/// Logs all counts, for the end.
void report_all_client_warnings();

/// Creates the client, which takes the configuration. Fails with `invalid_argument` with librdkafka's reason.
result<rd_kafka_t*> make_client(rd_kafka_type_t type, rd_kafka_conf_ptr conf);

} // namespace winnow
