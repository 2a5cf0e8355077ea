#include "redis/embedded/store_journal.hpp"

#include "config/log/log.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

constexpr const char* component = "store";
constexpr std::size_t chunk_bytes = 1u << 20; // of a base, between two writes
constexpr std::string_view words_for_failed_sync =
    "the disk of the embedded store does not keep what it gets";

/// The reason of the operating system, with words for clients, which do not learn the path.
error refusal_of(const error& why) {
  return {why.cause, why.message,
          why.cause == fault::out_of_space ? "the disk of the embedded store is full"
                                           : "the disk of the embedded store takes no changes"};
}

void log_failed_compaction(const flood_limit::report& some) {
  log_event(log_level::warning, component, "compaction failed",
            {{"count", some.count}, {"reason", some.reason}});
}

} // namespace

store_journal::store_journal(std::unique_ptr<store_directory> directory, const journal_options& options)
    : options_(options), directory_(std::move(directory)), failed_compactions_(log_failed_compaction) {}

result<std::unique_ptr<store_journal>> store_journal::open(const std::string& directory,
                                                           const store_directory::apply_function& apply,
                                                           const journal_options& options) {
  auto opened = store_directory::open(directory, apply);
  if (!opened)
    return tl::unexpected<error>(opened.error());
  return std::unique_ptr<store_journal>(new store_journal(std::move(*opened), options));
}

store_journal::~store_journal() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable())
    thread_.join();
  sync();
  if (problem()) // a last attempt to keep what was acknowledged
    compact();
}

void store_journal::start(data_reader data) {
  data_ = std::move(data);
  thread_ = std::thread([this] { run(); });
}

result<void> store_journal::append(const store_record& record) {
  const std::lock_guard lock(mutex_);
  if (broken_)
    return tl::unexpected<error>(*broken_);
  encoded_.clear();
  append_record(encoded_, record);
  if (auto appended = append_encoded(record.what); !appended) {
    auto refusal = refusal_of(appended.error());
    if (directory_->log()->is_torn())
      broken_ = refusal;
    log_refusal(refusal);
    refused_ = refusal.cause;
    return tl::unexpected<error>(std::move(refusal));
  }
  if (record.what != store_record::kind::erase) { // which a full disk accepts
    log_acceptance();
    refused_.reset();
  }
  dirty_ = true;
  return {};
}

/// Removals may use the room that all other changes must leave free.
result<void> store_journal::append_encoded(store_record::kind what) {
  const auto& log = directory_->log();
  if (what != store_record::kind::erase)
    if (auto made = log->make_room(encoded_.size()); !made)
      return made;
  return log->append(encoded_);
}

/// On a disk that is nearly full, small changes may succeed while large ones fail: that is one trouble.
void store_journal::log_refusal(const error& why) {
  if (!last_refusal_)
    log_event(log_level::error, component, "changes are refused", {{"reason", why.message}});
  last_refusal_ = clock::now();
}

void store_journal::log_acceptance() {
  if (!last_refusal_ || clock::now() - *last_refusal_ < options_.pause_after_failure)
    return;
  last_refusal_.reset();
  log_event(log_level::info, component, "changes are accepted again", {{"file", directory_->log()->path()}});
}

std::string store_journal::shortage() const {
  const std::lock_guard lock(mutex_);
  if (!refused_)
    return {};
  return *refused_ == fault::out_of_space ? "its disk is full" : "its disk takes no changes";
}

std::optional<error> store_journal::problem() const {
  const std::lock_guard lock(mutex_);
  return broken_;
}

void store_journal::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, options_.sync_interval);
    lock.unlock();
    sync();
    failed_compactions_.report_due();
    lock.lock();
    if (stopping_ || !is_compaction_due(clock::now()))
      continue;
    lock.unlock();
    compact();
    lock.lock();
  }
}

/// Without the lock while the disk works: changes go on.
void store_journal::sync() {
  std::shared_ptr<store_file> log;
  bool has_changes = false;
  {
    const std::lock_guard lock(mutex_);
    if (broken_)
      return;
    has_changes = std::exchange(dirty_, false);
    log = directory_->log();
  }
  if (!log->is_in_place()) // also noticed without changes: those before would be lost as well
    return note_failure(log->path() + " is gone: it was removed or renamed, or its directory was",
                        "the files of the embedded store are gone");
  if (!has_changes)
    return;
  if (auto synced = log->sync(); !synced)
    note_failure(synced.error().message, words_for_failed_sync);
}

/// @param public_words Without paths, for clients.
void store_journal::note_failure(std::string message, std::string_view public_words) {
  log_event(log_level::error, component, "changes are refused until all data is written anew",
            {{"reason", message}});
  const std::lock_guard lock(mutex_);
  broken_ = error{fault::io_error, std::move(message), std::string(public_words)};
}

bool store_journal::is_compaction_due(clock::time_point now) const {
  const auto enough = std::max(options_.least_log_bytes, base_bytes_);
  // What is out of date takes room that a full disk needs, however little it is.
  const bool is_full = refused_ == fault::out_of_space && directory_->log_bytes() > base_bytes_;
  return now >= next_compaction_ && (broken_ || is_full || directory_->log_bytes() > enough);
}

/// Whether the base to be written needs a log of its own. Each takes room, also an empty one. Called with the
/// lock held.
bool store_journal::needs_next_log() const {
  const auto& log = *directory_->log();
  if (!broken_)
    return log.has_records() && !directory_->awaits_base();
  return log.has_records() || log.is_torn() || !log.is_in_place(); // the disk may not have what it has
}

/// From the moment when the new log begins, each key in the base has a value of that time or later, and each
/// later change is in the log, so that the base and the log together give the present.
void store_journal::compact() {
  std::shared_ptr<store_file> closed;
  result<void> done;
  std::uint64_t number = 0;
  bool is_full = false;
  {
    const std::lock_guard lock(mutex_);
    closed = directory_->log();
    is_full = refused_ == fault::out_of_space;
    if (is_full) // only a base makes room
      closed->give_back_room();
    done = directory_->restore();
    if (done && needs_next_log())
      done = directory_->next_log(!is_full);
    number = directory_->number();
  }
  if (done)
    if (auto synced = closed->sync(); !synced)
      note_failure(synced.error().message, words_for_failed_sync); // the base below has all of it
  const auto written = done ? write_base(number) : result<std::uint64_t>(tl::unexpected<error>(done.error()));
  const std::lock_guard lock(mutex_);
  if (written)
    done = directory_->finish_base(number);
  if (!written || !done)
    directory_->discard_base(number);
  const bool has_room = directory_->log()->make_room(0).has_value(); // for removals again
  if (is_full && has_room && written && done) {
    log_acceptance();
    refused_.reset();
  }
  if (!written || !done) {
    next_compaction_ = clock::now() + options_.pause_after_failure;
    const auto& why = written ? done.error() : written.error();
    failed_compactions_.note(to_string(why.cause), {}, why.message);
    return;
  }
  base_bytes_ = *written;
  if (std::exchange(broken_, std::nullopt))
    log_event(log_level::info, component, "changes are accepted again", {{"base", number}});
  log_event(log_level::debug, component, "compacted", {{"base", number}, {"bytes", base_bytes_}});
}

result<std::uint64_t> store_journal::write_base(std::uint64_t number) {
  auto base = directory_->begin_base();
  if (!base)
    return tl::unexpected<error>(base.error());
  std::string chunk;
  std::uint64_t cursor = 0;
  do {
    data_(cursor, chunk);
    if (chunk.size() < chunk_bytes && cursor != 0)
      continue;
    if (auto appended = (*base)->append(chunk); !appended)
      return tl::unexpected<error>(appended.error());
    chunk.clear();
  } while (cursor != 0);
  append_record(chunk, {store_record::kind::end, std::to_string(number), {}});
  auto done = (*base)->append(chunk);
  if (done)
    done = (*base)->sync();
  if (!done)
    return tl::unexpected<error>(done.error());
  return (*base)->size();
}

} // namespace winnow
