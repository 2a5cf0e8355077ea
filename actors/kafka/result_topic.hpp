#pragma once

#include "actors/kafka/kafka_producer.hpp"
#include "actors/metrics/metrics.hpp"
#include "actors/pipeline/recommender.hpp"
#include "config/log/flood_limit.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace winnow {

/// Returns a listener that sends each list to the topic of results, keyed by user:
/// `{"user_id":…,"timestamp":…,"recommendations":[…]}`, where the timestamp is a number, and is left out if
/// the profile has none. It never waits: if Kafka is away for long, lists are dropped, which is counted and
/// logged. When its last copy ends, it sends for a second what still waits, and logs how many lists it could
/// not send. Returns an empty listener if the settings name no such topic, or, after logging why, if
/// librdkafka refuses them.
list_listener result_topic(const kafka_settings& settings, const std::shared_ptr<metrics>& meters);

/// The message for a list.
std::string result_message(std::string_view user_id, std::string_view timestamp, std::string_view list);

} // namespace winnow
