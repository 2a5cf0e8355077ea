// Replies of a Redis server, parsed by hiredis and converted for each command of a store.
#include "redis/connection/reply.hpp"
#include "redis/fleet/fleet_replies.hpp"
#include "redis/store/store_protocol.hpp"
#include "tests/fuzz/fuzzer.hpp"

namespace {

using winnow::reply_ptr;

/// All replies that the bytes hold.
std::vector<reply_ptr> replies_in(std::string_view bytes) {
  std::vector<reply_ptr> replies;
  auto* reader = redisReaderCreate();
  redisReaderFeed(reader, bytes.data(), bytes.size());
  void* reply = nullptr;
  while (redisReaderGetReply(reader, &reply) == REDIS_OK && reply != nullptr)
    replies.emplace_back(static_cast<redisReply*>(reply));
  redisReaderFree(reader);
  return replies;
}

void use_in_fleet(const redisReply& reply) {
  using namespace winnow;
  if (const auto state = as_fleet_state(reply))
    for (const auto& peer : state->peers)
      fuzz::require(!to_json(peer.report).empty());
  static_cast<void>(as_entries("key", reply));
  static_cast<void>(as_texts("key", reply));
  static_cast<void>(as_numbers("key", reply, 2));
  if (const auto news = as_news(reply, 3))
    fuzz::require(news->told >= 3);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const auto bytes = fuzz::text_of(data, size);
  const auto replies = replies_in(bytes);
  for (const auto& reply : replies) {
    static_cast<void>(as_value("key", *reply));
    static_cast<void>(as_count("key", *reply));
    static_cast<void>(as_status("key", *reply));
    use_in_fleet(*reply);
  }
  const std::vector<store_command> commands = {
      read_profile{{"anna", "1700000000"}, true},
      read_profile{{"anna", "1700000000"}, true, 1, true},
      renew_list{"anna", "1700000000"},
      read_list{"anna"},
      write_list{"anna", "1700000000", "[]"},
      write_profile{{"anna", ""}, "[]"},
      erase_profile{{"anna", ""}},
      erase_list{{"anna", "1700000000"}, true},
  };
  for (const bool usual : {true, false}) {
    store_dialect dialect;
    dialect.getrange = dialect.exists = usual;
    for (const auto& command : commands)
      if (const auto needed = reply_count(command, dialect); needed <= replies.size()) {
        const gsl::span<const reply_ptr> own(replies.data(), needed);
        static_cast<void>(decode(command, dialect, own));
        static_cast<void>(refused_record(command, dialect.lists, own));
        static_cast<void>(adapt(dialect, command, own));
      }
  }
  return 0;
}
