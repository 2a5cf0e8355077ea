#pragma once

#include "actors/kafka/kafka_producer.hpp"
#include "tools/winnow-bookshop/live/http_link.hpp"
#include "tools/winnow-bookshop/live/shop_link.hpp"

#include <unordered_map>

namespace winnow {

/// Where messages go, and in which form.
struct kafka_address {
  kafka_settings kafka;
  kafka_format format = kafka_format::profiles;
};

/// Parses `kafka://host:port[,host:port…]/topic[?format=events][&property=value…]`. The topic is
/// `user_behavior` if there is none; other parameters are properties of librdkafka.
result<kafka_address> parse_kafka_address(std::string_view text);

/// Profiles or events to a topic, from which a winnowd with `--kafka` reads them; lists from that winnowd.
class kafka_link final : public shop_link {
public:
  /// @param service Of the winnowd. Fails if librdkafka refuses a property.
  static result<std::unique_ptr<shop_link>> open(const kafka_address& where, service_address service);

  /// Those that the winnowd has, if its store is embedded; else none, and the shop starts over.
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
  kafka_link(const kafka_address& where, service_address service, std::unique_ptr<kafka_producer> producer);

  std::vector<std::string> messages_of(const reader_profile& profile);
  std::chrono::milliseconds next_instant();

  kafka_format format_;
  std::string address_;
  http_link service_;
  std::unique_ptr<kafka_producer> producer_;
  std::unordered_map<std::string, std::string> last_sent_; ///< Of events: by reader, the newest book.
  std::chrono::milliseconds last_instant_{0};
};

} // namespace winnow
