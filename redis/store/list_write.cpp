#include "redis/store/list_write.hpp"

#include "redis/connection/refusal.hpp"
#include "redis/records/keys.hpp"

#include <string>
#include <vector>

namespace winnow {

namespace {

// Keys: the profile, the lists, the record. Arguments: where the profile's last bytes begin and end, these
// bytes, the list, its time to live in milliseconds or 0, the user, the record or nothing, and the basis of
// the record if a list with another one is to stay. The range has room for one byte more, which only a longer
// profile has.
constexpr std::string_view script =
    "local p=KEYS[1] "
    "if redis.call('GETRANGE',p,ARGV[1],ARGV[2])~=ARGV[3] then return 0 end "
    "local n=#KEYS "
    "if ARGV[8]~='' then local r=redis.call('HGET',KEYS[n],ARGV[6]) "
    "if r and #r==24 and string.sub(r,9,16)~=ARGV[8] then return 2 end end "
    "if ARGV[7]~='' then redis.call('HSET',KEYS[n],ARGV[6],ARGV[7]) n=n-1 end "
    "for i=2,n do "
    "if ARGV[5]=='0' then redis.call('SET',KEYS[i],ARGV[4]) "
    "else redis.call('SET',KEYS[i],ARGV[4],'PX',ARGV[5]) end "
    "end "
    "return 1";

constexpr std::string_view script_sha = "ae67fe050221bcf6e0c61e1d65ad2e6a1512c325";

// Of a record's bytes.
constexpr std::size_t basis_at = 8;
constexpr std::size_t basis_bytes = 8;

// Name, script, number of keys, four keys, eight arguments.
constexpr std::size_t most_words = 15;

/// The keys that get the list.
std::vector<std::string> list_keys(const write_list& command) {
  std::vector<std::string> keys;
  if (command.newest)
    keys.push_back(recommendations_key(command.user_id));
  if (!command.timestamp.empty())
    keys.push_back(recommendation_result_key(command.user_id, command.timestamp));
  return keys;
}

std::uint64_t tail_begin(const profile_fingerprint& profile) {
  return profile.bytes - profile.tail.size();
}

void add_script(std::string_view name, std::string_view text_or_sha, const write_list& command,
                const list_dialect& dialect, command_batch& batch) {
  const auto& expected = *command.only_if;
  const auto keys = list_keys(command);
  const auto profile = to_redis_key({command.user_id, command.timestamp});
  const bool recorded = has_record(command, dialect);
  const auto records = recorded ? list_records_key(command.user_id) : std::string();
  const auto record = recorded ? to_bytes(*command.record) : std::string();
  const auto basis = recorded && command.yields ? std::string_view(record).substr(basis_at, basis_bytes)
                                                : std::string_view();
  const auto key_count = std::to_string(1 + keys.size() + (recorded ? 1 : 0));
  const auto begin = std::to_string(tail_begin(expected));
  const auto end = std::to_string(expected.bytes);
  const auto ttl = std::to_string(dialect.ttl.count());
  std::vector<std::string_view> words;
  words.reserve(most_words);
  for (const std::string_view word :
       {name, text_or_sha, std::string_view(key_count), std::string_view(profile)})
    words.push_back(word);
  words.insert(words.end(), keys.begin(), keys.end());
  if (recorded)
    words.push_back(records);
  for (const std::string_view word :
       {std::string_view(begin), std::string_view(end), std::string_view(expected.tail),
        std::string_view(command.json), std::string_view(ttl), std::string_view(command.user_id),
        std::string_view(record), basis})
    words.push_back(word);
  batch.add(gsl::span<const std::string_view>(words));
}

} // namespace

std::string_view list_script() {
  return script;
}

std::string_view list_script_sha() {
  return script_sha;
}

void encode_write(const write_list& command, const list_dialect& dialect, command_batch& batch) {
  if (is_scripted(command, dialect))
    return add_script("EVALSHA", script_sha, command, dialect, batch);
  for (const auto& key : list_keys(command)) {
    if (dialect.ttl.count() > 0)
      batch.add({"SET", key, command.json, "PX", std::to_string(dialect.ttl.count())});
    else
      batch.add({"SET", key, command.json});
  }
  if (has_record(command, dialect))
    batch.add({"HSET", list_records_key(command.user_id), command.user_id, to_bytes(*command.record)});
}

std::size_t write_reply_count(const write_list& command, const list_dialect& dialect) {
  if (is_scripted(command, dialect))
    return 1;
  return list_keys(command).size() + (has_record(command, dialect) ? 1 : 0);
}

store_reply decode_write(const write_list& command, const list_dialect& dialect,
                         gsl::span<const reply_ptr> replies) {
  store_value value;
  if (is_scripted(command, dialect)) {
    const auto stored = as_count(to_redis_key({command.user_id, command.timestamp}), *replies[0]);
    if (!stored)
      return tl::unexpected<error>(stored.error());
    value.stored = *stored > 0;
    return value;
  }
  const auto keys = list_keys(command);
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (const auto stored = as_status(keys[i], *replies[i]); !stored)
      return tl::unexpected<error>(stored.error());
  return value;
}

void encode_erase(const erase_list& command, const list_dialect& dialect, command_batch& batch) {
  // Keys: the profile, the lists, the hashes of their records. Arguments: how many lists, the fields.
  constexpr std::string_view erasing =
      "if redis.call('EXISTS',KEYS[1])==1 then return 0 end "
      "local n=0 "
      "for i=2,ARGV[1]+1 do n=n+redis.call('DEL',KEYS[i]) end "
      "for i=ARGV[1]+2,#KEYS do redis.call('HDEL',KEYS[i],ARGV[i-ARGV[1]]) end "
      "return n";
  const auto& [user, timestamp] = command.of;
  std::vector<std::string> keys{to_redis_key(command.of)};
  if (command.newest)
    keys.push_back(recommendations_key(user));
  if (!timestamp.empty())
    keys.push_back(recommendation_result_key(user, timestamp));
  const auto lists = keys.size() - 1;
  std::vector<std::string> fields;
  if (command.newest && dialect.records) {
    keys.push_back(list_records_key(user));
    fields.push_back(user);
  }
  if (!timestamp.empty() && dialect.records) {
    keys.push_back(result_records_key(user));
    fields.push_back(result_record_field(command.of));
  }
  std::vector<std::string> words{"EVAL", std::string(erasing), std::to_string(keys.size())};
  words.insert(words.end(), keys.begin(), keys.end());
  words.push_back(std::to_string(lists));
  words.insert(words.end(), fields.begin(), fields.end());
  batch.add(gsl::span<const std::string>(words));
}

void encode_whole_script(const write_list& command, const list_dialect& dialect, command_batch& batch) {
  add_script("EVAL", script, command, dialect, batch);
}

void encode_comparison(const write_list& command, const list_dialect& dialect, command_batch& batch) {
  const auto profile = to_redis_key({command.user_id, command.timestamp});
  const auto& expected = *command.only_if;
  batch.add({"GETRANGE", profile, std::to_string(tail_begin(expected)), std::to_string(expected.bytes)});
  if (command.yields && has_record(command, dialect))
    batch.add({"HGET", list_records_key(command.user_id), command.user_id});
}

std::size_t comparison_reply_count(const write_list& command, const list_dialect& dialect) {
  return command.yields && has_record(command, dialect) ? 2 : 1;
}

bool is_to_stay(const write_list& command, const list_dialect& dialect, gsl::span<const reply_ptr> replies) {
  if (!command.yields || !has_record(command, dialect) || replies[1]->type != REDIS_REPLY_STRING)
    return false;
  const auto own = to_bytes(*command.record);
  const auto stored = text_of(*replies[1]);
  return stored.size() == own.size() &&
         stored.substr(basis_at, basis_bytes) != own.substr(basis_at, basis_bytes);
}

result<bool> decode_comparison(const write_list& command, gsl::span<const reply_ptr> replies) {
  const auto profile = to_redis_key({command.user_id, command.timestamp});
  return as_value(profile, *replies[0]).map([&](const auto& tail) {
    return tail.value_or("") == command.only_if->tail;
  });
}

bool is_unknown_script(const redisReply& reply) {
  return reply.type == REDIS_REPLY_ERROR && begins_with_word(text_of(reply), "NOSCRIPT");
}

bool is_refused_for_good(const redisReply& reply) {
  if (reply.type != REDIS_REPLY_ERROR)
    return false;
  const auto cause = error_from_reply("", text_of(reply)).cause;
  return cause == fault::denied || cause == fault::unsupported || cause == fault::conflict;
}

} // namespace winnow
