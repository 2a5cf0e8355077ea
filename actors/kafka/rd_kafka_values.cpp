#include "actors/kafka/rd_kafka_values.hpp"

#include <optional>
#include <string_view>

namespace winnow {

namespace {

std::optional<std::string_view> bytes_of(const void* data, std::size_t size) {
  if (data == nullptr)
    return std::nullopt;
  return std::string_view(static_cast<const char*>(data), size);
}

kafka_headers headers_of(const rd_kafka_message_t& message) {
  kafka_headers read;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return read; // there are none
  const char* name = nullptr;
  const void* data = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &data, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    const auto value = bytes_of(data, size);
    read.push_back({name, value ? std::optional<std::string>(*value) : std::nullopt});
  }
  return read;
}

} // namespace

kafka_message message_in(const rd_kafka_message_t& got, bool with_headers) {
  rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const auto written = rd_kafka_message_timestamp(&got, &kind);
  return {got.partition,
          got.offset,
          std::chrono::milliseconds(kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? 0 : written),
          bytes_of(got.key, got.key_len),
          bytes_of(got.payload, got.len),
          with_headers ? headers_of(got) : kafka_headers()};
}

std::vector<std::int32_t> partitions_of(const rd_kafka_topic_partition_list_t& list) {
  std::vector<std::int32_t> partitions;
  partitions.reserve(static_cast<std::size_t>(list.cnt));
  for (int i = 0; i < list.cnt; ++i)
    partitions.push_back(list.elems[i].partition);
  return partitions;
}

std::string text_of(const std::vector<std::int32_t>& partitions) {
  std::string text;
  for (const auto one : partitions)
    text += (text.empty() ? "" : ",") + std::to_string(one);
  return text;
}

partition_list_ptr listed(const std::string& topic, const kafka_positions& positions) {
  partition_list_ptr list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  for (const auto& [partition, offset] : positions)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
  return list;
}

rd_kafka_headers_t* rd_kafka_headers_of(const kafka_headers& headers) {
  rd_kafka_headers_t* const made = rd_kafka_headers_new(headers.size());
  for (const auto& [name, value] : headers)
    rd_kafka_header_add(made, name.data(), static_cast<ssize_t>(name.size()), value ? value->data() : nullptr,
                        value ? static_cast<ssize_t>(value->size()) : 0);
  return made;
}

} // namespace winnow
