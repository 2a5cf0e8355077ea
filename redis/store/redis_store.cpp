#include "redis/store/redis_store.hpp"

#include "config/log/log.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

namespace winnow {
namespace {

constexpr std::string_view no_records = "it is not recorded what lists are made of";
constexpr std::string_view no_scripts = "lists are stored without comparing the profile";

/// Whether the server refuses a command until an operator gives the right to it.
bool is_right_missing(fault cause) {
  return cause == fault::denied || cause == fault::unsupported;
}

bool is_empty_read(const store_reply& reply) {
  return reply && reply->value && reply->value->empty();
}

} // namespace

redis_store::redis_store(const store_settings& settings, store_sightings_ptr shared)
    : redis_store(settings, backoff(settings.reconnect_min, settings.reconnect_max), std::move(shared)) {}

redis_store::redis_store(store_settings settings, backoff pauses, store_sightings_ptr shared)
    : settings_(std::move(settings)), seen_(shared ? std::move(shared) : std::make_shared<store_sightings>()),
      service_(settings_.address.user, {seen_, &seen_->rights}), watch_(failover_watch::of(settings_)),
      pauses_(std::move(pauses)), nodes_(settings_.address.nodes) {
  if (watch_)
    pauses_.end_with(watch_->record()->failovers());
}

/// Commands on their way. A read may need more than one round: in another dialect, or to tell a missing key
/// from an empty value. So may storing a list, if the server does not know the script or refuses it.
struct redis_store::job {
  /// How a list is stored: by a script that the server knows, with the script's text, or without.
  enum class script_use : std::uint8_t { known, told, none };

  /// Where a cluster has the profile and its list on different nodes, no script can see both: the profile is
  /// compared before and after the list is written. So a list that an older profile overwrites meanwhile is
  /// noticed by the writer, who computes it again.
  enum class comparison : std::uint8_t { before, writing, after, done };

  explicit job(std::vector<store_command> all)
      : commands(std::move(all)), scripts(commands.size(), script_use::known), refusals(commands.size()),
        steps(commands.size(), comparison::before) {}

  /// Whether the command's present step is to read the profile that it depends on.
  bool compares(std::size_t index) const {
    const auto* const write = std::get_if<write_list>(&commands[index]);
    return write != nullptr && is_compared(*write, spoken.lists) &&
           (steps[index] == comparison::before || steps[index] == comparison::after);
  }

  /// What a command of this round is encoded with.
  store_dialect dialect_of(std::size_t index) const {
    auto dialect = spoken;
    dialect.lists.scripts &= scripts[index] != script_use::none;
    return dialect;
  }

  std::vector<store_command> commands;
  std::vector<script_use> scripts;            ///< By command, in the next round.
  std::vector<std::optional<error>> refusals; ///< By command: why its script was refused.
  std::vector<comparison> steps;              ///< By command, of a list that depends on a profile.
  std::function<void(std::vector<store_reply>)> finish;
  std::vector<store_reply> replies;   ///< One a command.
  std::vector<std::size_t> asked;     ///< The commands of the current round,
  std::vector<std::size_t> looked_up; ///< and those whose keys it looks up, behind them.
  std::vector<std::size_t> empty;     ///< Reads that the next round must look up.
  store_dialect spoken;               ///< In this round.
};

std::vector<store_reply> redis_store::execute(gsl::span<const store_command> commands) {
  std::optional<std::vector<store_reply>> replies;
  auto one = std::make_shared<job>(std::vector<store_command>(commands.begin(), commands.end()));
  one->finish = [&replies](std::vector<store_reply> given) { replies = std::move(given); };
  begin(one);
  move_until([&replies] { return replies.has_value(); });
  return std::move(*replies);
}

void redis_store::submit(std::uint64_t ticket, std::vector<store_command> commands) {
  auto one = std::make_shared<job>(std::move(commands));
  one->finish = [this, ticket](std::vector<store_reply> given) {
    finished_.push_back({ticket, std::move(given)});
  };
  begin(one);
  move();
}

std::vector<finished_commands> redis_store::collect(std::chrono::microseconds patience) {
  const auto until = clock::now() + patience;
  move();
  while (stream_ && !stream_->empty() && wait(until))
    move();
  return std::exchange(finished_, {});
}

std::optional<store_wait> redis_store::awaited() const {
  if (!stream_ || stream_->empty())
    return std::nullopt;
  return store_wait{stream_->descriptor(), stream_->events(), stream_->due()};
}

void redis_store::begin(const job_ptr& one) {
  const auto size = one->commands.size();
  if (!seen_->timestamps && std::any_of(one->commands.begin(), one->commands.end(), has_timestamp))
    seen_->timestamps = true;
  if (auto connected = connect(); !connected && size > 0)
    return one->finish(std::vector<store_reply>(size, tl::unexpected<error>(connected.error())));
  one->replies.resize(size, store_value{});
  one->asked.resize(size);
  std::iota(one->asked.begin(), one->asked.end(), std::size_t{0});
  ask(one);
}

/// Sends the next round of a job; without one, the job is finished.
void redis_store::ask(const job_ptr& one) {
  if (one->asked.empty() && one->looked_up.empty())
    return one->finish(std::move(one->replies));
  one->spoken = dialect_;
  command_batch batch;
  bool told = false; // the server knows the script from its first command on
  for (const auto index : one->asked) {
    const auto dialect = one->dialect_of(index);
    if (one->compares(index)) {
      encode_comparison(std::get<write_list>(one->commands[index]), dialect.lists, batch);
      continue;
    }
    if (one->scripts[index] != job::script_use::told || std::exchange(told, true))
      encode(one->commands[index], dialect, batch);
    else
      encode_whole_script(std::get<write_list>(one->commands[index]), dialect.lists, batch);
  }
  for (const auto index : one->looked_up)
    encode_lookup(one->commands[index], batch);
  send(batch, [this, one](redis_connection::answers answers) {
    const bool lost = answers.lost.has_value();
    take(*one, std::move(answers));
    if (lost)
      one->finish(std::move(one->replies));
    else
      ask(one);
  });
}

/// Does without something until the next connection, and says so once.
void redis_store::give_up(bool list_dialect::*what, std::string_view message, const error& reason) {
  if (!std::exchange(dialect_.lists.*what, false) || given_up_.find(message) != std::string::npos)
    return;
  given_up_ += message;
  log_event(log_level::warning, "redis_store", message, {{"reason", reason.message}});
}

/// Takes the replies to a round, and decides on the next one.
void redis_store::take(job& one, redis_connection::answers answers) {
  gsl::span<const reply_ptr> left(answers.replies);
  for (const auto index : std::exchange(one.asked, {})) {
    const auto dialect = one.dialect_of(index);
    const auto needed = one.compares(index)
                            ? comparison_reply_count(std::get<write_list>(one.commands[index]), dialect.lists)
                            : reply_count(one.commands[index], dialect);
    if (needed > left.size()) {
      one.replies[index] = fail(key_of(one.commands[index]), *answers.lost);
      left = left.subspan(left.size());
      continue;
    }
    take_reply(one, index, left.subspan(0, needed));
    left = left.subspan(needed);
  }
  for (const auto index : std::exchange(one.looked_up, std::exchange(one.empty, {}))) {
    auto& reply = one.replies[index];
    const auto key = key_of(one.commands[index]);
    if (left.empty()) {
      reply = fail(key, *answers.lost);
      continue;
    }
    if (auto value = as_value(key, *left.front()); value)
      reply->value = std::move(*value);
    else if (is_right_missing(value.error().cause))
      reply->value.reset(); // GETRANGE alone cannot tell, and an empty value means nothing
    else
      reply = tl::unexpected<error>(std::move(value.error()));
    left = left.subspan(1);
  }
}

void redis_store::take_reply(job& one, std::size_t index, gsl::span<const reply_ptr> replies) {
  if (one.compares(index))
    return take_comparison(one, index, replies);
  const auto& command = one.commands[index];
  auto adapted = one.dialect_of(index);
  auto& reply = one.replies[index] = decode(command, adapted, replies);
  const auto* const no_record = refused_record(command, adapted.lists, replies);
  if (no_record != nullptr)
    give_up(&list_dialect::records, no_records, error_from_reply("list records", text_of(*no_record)));
  const auto* const write = std::get_if<write_list>(&command);
  if (write != nullptr && is_scripted(*write, adapted.lists) && replies[0]->type == REDIS_REPLY_ERROR) {
    const bool unknown = is_unknown_script(*replies[0]) && one.scripts[index] == job::script_use::known;
    one.scripts[index] = unknown ? job::script_use::told : job::script_use::none;
    one.refusals[index] = reply.error();
    one.asked.push_back(index);
    return;
  }
  const auto* const erase = std::get_if<erase_list>(&command);
  if (erase != nullptr && is_scripted(*erase, adapted.lists) && !reply &&
      is_right_missing(reply.error().cause)) {
    one.scripts[index] = job::script_use::none;
    one.asked.push_back(index);
    return;
  }
  // If it is the record that is denied, scripts without one may work.
  if (const auto& refusal = one.refusals[index]; refusal && one.scripts[index] == job::script_use::none &&
                                                 no_record == nullptr && reply &&
                                                 is_right_missing(refusal->cause))
    give_up(&list_dialect::scripts, no_scripts, *refusal);
  if (adapt(adapted, command, replies)) {
    dialect_.getrange &= adapted.getrange;
    dialect_.exists &= adapted.exists;
    one.asked.push_back(index);
    return;
  }
  for (const auto& told : told_uses(command, adapted, replies))
    if (told.of_key_alone)
      service_.note_key(told.use, told.reply);
    else
      service_.note(told.use, command_name(told.use, one.spoken), told.reply);
  if (is_empty_read(reply))
    one.empty.push_back(index);
  if (write != nullptr && reply && is_compared(*write, one.spoken.lists) &&
      one.steps[index] == job::comparison::writing) {
    one.steps[index] = job::comparison::after;
    one.asked.push_back(index);
  }
}

/// Takes the profile that a list depends on, and decides on the next step.
void redis_store::take_comparison(job& one, std::size_t index, gsl::span<const reply_ptr> replies) {
  auto& step = one.steps[index];
  auto& reply = one.replies[index];
  const auto& command = std::get<write_list>(one.commands[index]);
  const auto same = decode_comparison(command, replies);
  // Without the right to compare, the list is stored.
  const bool cannot = !same && is_right_missing(same.error().cause);
  const bool writes = step == job::comparison::before && (cannot || (same && *same)) &&
                      !is_to_stay(command, one.dialect_of(index).lists, replies);
  step = writes ? job::comparison::writing : job::comparison::done;
  if (step == job::comparison::writing) {
    // Holds if the connection is lost now.
    reply = fail(fault::unavailable, key_of(one.commands[index]) + ": not stored yet");
    one.asked.push_back(index);
  } else if (!same && !cannot) {
    reply = tl::unexpected<error>(same.error());
  } else {
    store_value value;
    value.stored = cannot || *same;
    reply = value;
  }
}

} // namespace winnow
