#pragma once

#include "actors/kafka/group_consumer.hpp"
#include "actors/kafka/kafka_conf.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace winnow {

/// Private to this folder: values of librdkafka as Winnow's own, and the reverse.

/// The texts of the result are those of `got`. @param with_headers Whether to copy the headers, too.
kafka_message message_in(const rd_kafka_message_t& got, bool with_headers);

std::vector<std::int32_t> partitions_of(const rd_kafka_topic_partition_list_t& list);

/// For the log: `0,1,3`.
std::string text_of(const std::vector<std::int32_t>& partitions);

partition_list_ptr listed(const std::string& topic, const kafka_positions& positions);

/// Owned by what it is given to.
rd_kafka_headers_t* rd_kafka_headers_of(const kafka_headers& headers);

} // namespace winnow
