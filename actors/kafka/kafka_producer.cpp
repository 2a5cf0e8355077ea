#include "actors/kafka/kafka_producer.hpp"

#include "actors/kafka/kafka_conf.hpp"
#include "actors/kafka/rd_kafka_values.hpp"

#include <chrono>
#include <utility>

namespace winnow {

namespace {

// How long the end of the daemon may wait for messages that are still queued.
constexpr std::chrono::milliseconds flush_patience{1000};

fault cause_of(rd_kafka_resp_err_t outcome) {
  switch (outcome) {
  case RD_KAFKA_RESP_ERR__QUEUE_FULL:
    return fault::overloaded;
  case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
  case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
    return fault::too_large;
  case RD_KAFKA_RESP_ERR_INVALID_MSG: // also, by old brokers, a message without a key in a compacted topic
  case RD_KAFKA_RESP_ERR_INVALID_RECORD:
  case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
  case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    return fault::invalid_argument;
  default:
    return fault::unavailable;
  }
}

/// Nullopt stays null, which is not the same as empty.
char* bytes_of(const std::optional<std::string_view>& text) {
  if (!text)
    return nullptr;
  return const_cast<char*>(text->data() == nullptr ? "" : text->data()); // librdkafka copies them
}

std::size_t size_of(const std::optional<std::string_view>& text) {
  return text ? text->size() : 0;
}

class rd_kafka_producer final : public kafka_producer {
public:
  rd_kafka_producer(std::string topic, std::function<void()> tick)
      : topic_(std::move(topic)), tick_(std::move(tick)) {}

  ~rd_kafka_producer() override {
    if (client_ == nullptr)
      return;
    rd_kafka_flush(client_, static_cast<int>(flush_patience.count()));
    rd_kafka_purge(client_, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(client_, static_cast<int>(flush_patience.count())); // for the reports
    rd_kafka_destroy(client_);
  }

  result<void> start(rd_kafka_conf_ptr conf) {
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_STATS);
    rd_kafka_conf_set_background_event_cb(conf.get(), on_event);
    auto made = make_client(RD_KAFKA_PRODUCER, std::move(conf));
    if (!made)
      return tl::unexpected<error>(made.error());
    client_ = *made;
    // Only what is forwarded there reaches librdkafka's background thread, which calls `on_event`.
    const rd_kafka_queue_ptr reports(rd_kafka_queue_get_main(client_));
    const rd_kafka_queue_ptr background(rd_kafka_queue_get_background(client_));
    rd_kafka_queue_forward(reports.get(), background.get());
    return {};
  }

  result<void> send(const kafka_record& record, delivery done) override {
    auto owned = std::make_unique<delivery>(std::move(done));
    rd_kafka_headers_t* const headers = rd_kafka_headers_of(record.headers);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the only call that takes headers
    const auto outcome =
        rd_kafka_producev(client_, RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_KEY(bytes_of(record.key), size_of(record.key)),
                          RD_KAFKA_V_VALUE(bytes_of(record.value), size_of(record.value)),
                          RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(owned.get()), RD_KAFKA_V_END);
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR) {
      rd_kafka_headers_destroy(headers);
      return fail(cause_of(outcome), "kafka topic " + topic_ + ": " + rd_kafka_err2str(outcome));
    }
    static_cast<void>(owned.release()); // until the report
    return {};
  }

private:
  static void on_event(rd_kafka_t*, rd_kafka_event_t* event, void* opaque) {
    if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_STATS)
      static_cast<rd_kafka_producer*>(opaque)->tick();
    while (const rd_kafka_message_t* const reported = rd_kafka_event_message_next(event)) {
      const std::unique_ptr<delivery> done(static_cast<delivery*>(reported->_private));
      (*done)(report_of(reported->err));
    }
    rd_kafka_event_destroy(event);
  }

  static delivery_report report_of(rd_kafka_resp_err_t outcome) {
    if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR)
      return {};
    return {cause_of(outcome), rd_kafka_err2str(outcome)};
  }

  void tick() const {
    if (tick_)
      tick_();
  }

  const std::string topic_;
  const std::function<void()> tick_;
  rd_kafka_t* client_ = nullptr;
};

} // namespace

result<std::unique_ptr<kafka_producer>>
kafka_producer::make(const kafka_settings& settings, const std::string& topic, std::function<void()> tick) {
  auto conf = producer_conf(settings);
  if (!conf)
    return tl::unexpected<error>(conf.error());
  auto made = std::make_unique<rd_kafka_producer>(topic, std::move(tick));
  if (auto started = made->start(std::move(*conf)); !started)
    return tl::unexpected<error>(started.error());
  return made;
}

} // namespace winnow
