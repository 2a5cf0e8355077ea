#pragma once

#include "actors/kafka/kafka_producer.hpp"
#include "tools/winnow-bookshop/live/event_messages.hpp"
#include "tools/winnow-bookshop/live/http_link.hpp"
#include "tools/winnow-bookshop/live/shop_link.hpp"

#include <memory>
#include <optional>
#include <unordered_set>

namespace winnow {

/// Where messages go, and in which form.
struct kafka_address {
  kafka_settings kafka;
  kafka_format format = kafka_format::profiles;
  std::optional<store_address> store =
      std::nullopt; ///< Of the winnowd that reads them, if it is a Redis server.
};

/// Parses `kafka://host:port[,host:port…]/topic[?format=events][&store=redis://…][&property=value…]`. The
/// topic is `user_behavior` if there is none; other parameters are properties of librdkafka.
result<kafka_address> parse_kafka_address(std::string_view text);

/// Profiles or events to a topic, from which a winnowd with `--kafka` reads them; lists from that winnowd.
class kafka_link final : public shop_link {
public:
  /// @param service Of the winnowd. Fails if librdkafka refuses a property. Never waits for a connection.
  static result<std::unique_ptr<shop_link>> open(const kafka_address& where, service_address service);

  /// Those in the store of the address; without one, those that the winnowd tells, which it does if its store
  /// is embedded. If nobody tells them, readers with a list have a profile of an earlier run. It fails for
  /// these, because a message would replace the profile. As events, there are no profiles, and what is
  /// written first for such a reader counts as sent.
  result<std::vector<std::optional<item_ids>>> read_profiles(gsl::span<const std::string> readers) override;
  result<void> write_profiles(gsl::span<const reader_profile> profiles) override;
  result<std::optional<item_ids>> read_list(const std::string& reader) override {
    return service_.read_list(reader);
  }
  /// Through the winnowd: no message removes a profile. Messages that it has not read yet bring profiles
  /// back, so they are erased until none comes back.
  result<void> forget(gsl::span<const std::string> readers) override;
  bool is_immediate() const noexcept override { return false; }
  const std::string& address() const override { return address_; }

private:
  kafka_link(const kafka_address& where, service_address service, std::unique_ptr<shop_link> store,
             std::unique_ptr<kafka_producer> producer);

  result<std::vector<std::optional<item_ids>>> look_for_lists(gsl::span<const std::string> readers);
  std::vector<std::string> messages_of(const reader_profile& profile);

  kafka_format format_;
  std::string address_;
  http_link service_;
  std::unique_ptr<shop_link> store_; ///< Where profiles are read; null: from the winnowd.
  std::unique_ptr<kafka_producer> producer_;
  std::unordered_set<std::string> ours_; ///< Readers with messages of this run.
  event_messages events_;                ///< Unused if profiles are sent.
};

} // namespace winnow
