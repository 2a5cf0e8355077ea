#include "actors/kafka/dead_letters.hpp"

#include "config/log/log.hpp"

namespace winnow {

bool dead_letters::post(const dead_letter& letter) {
  using state = dead_letter::state;
  const auto now = letter.now->load();
  if (now == state::delivered || now == state::on_its_way)
    return now == state::delivered;
  letter.now->store(state::on_its_way);
  kafka_record record{letter.key, letter.value, {}};
  record.headers = {{"winnow.reason", std::string(letter.defect)},
                    {"winnow.detail", letter.why},
                    {"winnow.topic", read_},
                    {"winnow.partition", std::to_string(letter.partition)},
                    {"winnow.offset", std::to_string(letter.offset)}};
  const auto sent = producer_->send(record, [progress = letter.now, meters = &meters_](bool delivered) {
    meters->dead_letter(delivered);
    progress->store(delivered ? state::delivered : state::failed);
  });
  if (sent)
    return false;
  meters_.dead_letter(false);
  const bool hopeless = sent.error().cause == fault::too_large;
  letter.now->store(hopeless ? state::delivered : state::failed);
  if (hopeless)
    log_event(log_level::warning, "kafka", "dead letter dropped", {{"reason", sent.error().message}});
  return hopeless;
}

} // namespace winnow
