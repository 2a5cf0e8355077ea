#include "actors/kafka/group_consumer.hpp"

#include "actors/kafka/broker_sockets.hpp"
#include "actors/kafka/kafka_conf.hpp"
#include "actors/kafka/kafka_statistics.hpp"
#include "actors/kafka/rd_kafka_values.hpp"
#include "config/log/log.hpp"

#include <cstring>
#include <syslog.h>
#include <utility>

namespace winnow {

namespace {

constexpr std::chrono::milliseconds close_patience{1500};
constexpr std::chrono::milliseconds cut_patience{500}; // when nothing is left to wait for but the threads
constexpr std::chrono::milliseconds ends_patience{500};

/// The member of a group through librdkafka.
class rd_kafka_group_consumer final : public group_consumer {
public:
  rd_kafka_group_consumer(const kafka_settings& settings, group_listener listener)
      : topic_(settings.topic), with_headers_(!settings.dead_letter.empty()), listener_(std::move(listener)) {
  }

  ~rd_kafka_group_consumer() override {
    if (client_ == nullptr)
      return;
    close(close_patience);
    rd_kafka_destroy_flags(client_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    report_all_client_warnings();
  }

  result<void> start(rd_kafka_conf_ptr conf) {
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_rebalance_cb(conf.get(), on_rebalance);
    rd_kafka_conf_set_offset_commit_cb(conf.get(), on_commit);
    rd_kafka_conf_set_error_cb(conf.get(), on_error);
    rd_kafka_conf_set_stats_cb(conf.get(), on_statistics);
    broker_sockets::watch<rd_kafka_group_consumer, &rd_kafka_group_consumer::sockets_>(conf.get());
    const auto made = make_client(RD_KAFKA_CONSUMER, std::move(conf));
    if (!made)
      return tl::unexpected<error>(made.error());
    client_ = *made;
    rd_kafka_poll_set_consumer(client_);
    const partition_list_ptr topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), topic_.c_str(), RD_KAFKA_PARTITION_UA);
    if (const auto outcome = rd_kafka_subscribe(client_, topics.get()); outcome != RD_KAFKA_RESP_ERR_NO_ERROR)
      return fail(fault::invalid_argument, "kafka topic " + topic_ + ": " + rd_kafka_err2str(outcome));
    return {};
  }

  bool poll(std::chrono::milliseconds patience) override {
    const rd_kafka_message_ptr got(rd_kafka_consumer_poll(client_, static_cast<int>(patience.count())));
    if (!got)
      return false;
    if (got->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) { // enable.partition.eof: no more messages yet
      topic_trouble_ = false;
      return false;
    }
    if (got->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      take_trouble(rd_kafka_message_errstr(got.get()));
      return false;
    }
    topic_trouble_ = false;
    first_read_.try_emplace(got->partition, got->offset);
    listener_.message(message_in(*got, with_headers_));
    return true;
  }

  void pause() override {
    if (!std::exchange(paused_, true))
      for_assignment(rd_kafka_pause_partitions);
  }

  void resume() override {
    if (std::exchange(paused_, false))
      for_assignment(rd_kafka_resume_partitions);
  }

  void commit(const kafka_positions& positions) override {
    if (positions.empty())
      return;
    const auto list = listed(topic_, positions);
    constexpr int without_waiting = 1;
    if (rd_kafka_commit(client_, list.get(), without_waiting) != RD_KAFKA_RESP_ERR_NO_ERROR)
      ++facts_.failed_commits;
  }

  void close(std::chrono::milliseconds patience) override {
    if (std::exchange(closed_, true))
      return;
    const rd_kafka_queue_ptr queue(rd_kafka_queue_new(client_));
    const rd_kafka_error_ptr refused(rd_kafka_consumer_close_queue(client_, queue.get()));
    if (refused || wait_until_closed(*queue, patience))
      return;
    log_event(log_level::info, "kafka", "the group did not answer in time, leaving without",
              {{"topic", topic_}, {"waited_ms", patience.count()}});
    rd_kafka_set_log_level(client_, LOG_EMERG); // it would complain of the connections
    sockets_.shut();
    wait_until_closed(*queue, cut_patience);
  }

  const kafka_facts& facts() const override { return facts_; }

private:
  static rd_kafka_group_consumer& self(void* opaque) {
    return *static_cast<rd_kafka_group_consumer*>(opaque);
  }

  static void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* list,
                           void* opaque) {
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
      self(opaque).assigned(*list);
    else
      self(opaque).revoked(*list);
  }

  static void on_commit(rd_kafka_t*, rd_kafka_resp_err_t outcome, rd_kafka_topic_partition_list_t*,
                        void* opaque) {
    auto& facts = self(opaque).facts_;
    if (outcome == RD_KAFKA_RESP_ERR_NO_ERROR)
      ++facts.commits;
    else if (outcome != RD_KAFKA_RESP_ERR__NO_OFFSET)
      ++facts.failed_commits;
  }

  static void on_error(rd_kafka_t*, int, const char* reason, void* opaque) {
    auto& consumer = self(opaque);
    ++consumer.facts_.errors;
    consumer.facts_.last_error = reason;
  }

  static int on_statistics(rd_kafka_t*, char* json, std::size_t size, void* opaque) {
    self(opaque).take_statistics({json, size});
    return 0; // librdkafka keeps the text
  }

  void take_statistics(std::string_view json) {
    report_due_client_warnings();
    const auto now = parse_kafka_statistics(json, topic_);
    if (!now)
      return;
    facts_.connected = now->brokers_up > 0;
    facts_.lag = lag_in(*now);
    facts_.trouble = !facts_.connected ? "no broker is reachable"
                     : topic_trouble_  ? "the topic cannot be read"
                                       : "";
  }

  std::int64_t lag_in(const kafka_statistics& now) {
    const auto held = assignment();
    if (!held)
      return 0;
    // While partitions are paused, nothing is fetched, so that librdkafka does not learn what is added.
    const bool may_grow_unseen = paused_ && facts_.connected && !closed_;
    const auto ends = may_grow_unseen ? ask_for_ends(*held) : kafka_positions();
    std::int64_t lag = 0;
    for (const auto partition : partitions_of(*held)) {
      const auto known = now.partitions.find(partition);
      auto offsets = known == now.partitions.end() ? partition_offsets() : known->second;
      if (const auto first = first_read_.find(partition); first != first_read_.end())
        offsets.first_read = first->second;
      if (const auto end = ends.find(partition); end != ends.end())
        offsets.end = end->second;
      lag += lag_of(offsets);
    }
    return lag;
  }

  /// Waits for the brokers, at most for `ends_patience`. @return The ends that they told.
  kafka_positions ask_for_ends(const rd_kafka_topic_partition_list_t& of) {
    const partition_list_ptr list(rd_kafka_topic_partition_list_copy(&of));
    for (int i = 0; i < list->cnt; ++i)
      list->elems[i].offset = RD_KAFKA_OFFSET_END; // in the place of a time
    kafka_positions ends;
    if (rd_kafka_offsets_for_times(client_, list.get(), static_cast<int>(ends_patience.count())) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
      return ends;
    for (int i = 0; i < list->cnt; ++i)
      if (list->elems[i].err == RD_KAFKA_RESP_ERR_NO_ERROR && list->elems[i].offset >= 0)
        ends[list->elems[i].partition] = list->elems[i].offset;
    return ends;
  }

  /// A topic that does not exist or may not be read. It ends with an assignment, or a message.
  void take_trouble(const char* reason) {
    ++facts_.errors;
    facts_.last_error = reason;
    topic_trouble_ = true;
  }

  void assigned(const rd_kafka_topic_partition_list_t& list) {
    ++facts_.rebalances;
    if (is_cooperative())
      rd_kafka_error_ptr(rd_kafka_incremental_assign(client_, &list));
    else
      rd_kafka_assign(client_, &list);
    if (paused_)
      for_assignment(rd_kafka_pause_partitions);
    if (list.cnt > 0)
      topic_trouble_ = false;
    note_assignment("partitions assigned", list);
  }

  void revoked(const rd_kafka_topic_partition_list_t& list) {
    ++facts_.rebalances;
    const bool lost = rd_kafka_assignment_lost(client_) != 0;
    const auto stored = listener_.revoked(partitions_of(list));
    if (!lost)
      commit(stored); // in front of the request that gives up the partitions
    if (is_cooperative())
      rd_kafka_error_ptr(rd_kafka_incremental_unassign(client_, &list));
    else
      rd_kafka_assign(client_, nullptr);
    for (const auto partition : partitions_of(list))
      first_read_.erase(partition);
    note_assignment(lost ? "partitions lost" : "partitions revoked", list);
  }

  void note_assignment(const char* what, const rd_kafka_topic_partition_list_t& list) {
    const auto all = assignment();
    facts_.partitions = all ? static_cast<std::size_t>(all->cnt) : 0;
    if (facts_.partitions == 0)
      facts_.lag = 0;
    log_event(log_level::info, "kafka", what,
              {{"topic", topic_}, {"partitions", text_of(partitions_of(list))}, {"all", facts_.partitions}});
  }

  bool is_cooperative() const {
    const char* const protocol = rd_kafka_rebalance_protocol(client_);
    return protocol != nullptr && std::strcmp(protocol, "COOPERATIVE") == 0;
  }

  template<class Operation>
  void for_assignment(Operation operation) {
    if (const auto all = assignment())
      operation(client_, all.get());
  }

  /// The partitions that this member reads; null if librdkafka does not say.
  partition_list_ptr assignment() const {
    rd_kafka_topic_partition_list_t* all = nullptr;
    if (rd_kafka_assignment(client_, &all) != RD_KAFKA_RESP_ERR_NO_ERROR)
      return nullptr;
    return partition_list_ptr(all);
  }

  bool wait_until_closed(rd_kafka_queue_t& queue, std::chrono::milliseconds patience) {
    constexpr int step_ms = 20;
    const auto until = std::chrono::steady_clock::now() + patience;
    while (rd_kafka_consumer_closed(client_) == 0 && std::chrono::steady_clock::now() < until)
      rd_kafka_queue_poll_callback(&queue, step_ms);
    return rd_kafka_consumer_closed(client_) != 0;
  }

  const std::string topic_;
  const bool with_headers_;
  const group_listener listener_;
  broker_sockets sockets_;
  rd_kafka_t* client_ = nullptr;
  kafka_facts facts_;
  kafka_positions first_read_; ///< Of the partitions of which something was read since they were assigned.
  bool topic_trouble_ = false;
  bool paused_ = false;
  bool closed_ = false;
};

} // namespace

result<std::unique_ptr<group_consumer>> group_consumer::join(const kafka_settings& settings,
                                                             group_listener listener) {
  auto conf = consumer_conf(settings);
  if (!conf)
    return tl::unexpected<error>(conf.error());
  auto made = std::make_unique<rd_kafka_group_consumer>(settings, std::move(listener));
  if (auto started = made->start(std::move(*conf)); !started)
    return tl::unexpected<error>(started.error());
  return made;
}

} // namespace winnow
