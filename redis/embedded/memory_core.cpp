#include "redis/embedded/memory_core.hpp"

#include "config/log/log.hpp"
#include "config/text/starts_with.hpp"

#include <algorithm>
#include <utility>

namespace winnow {

namespace {

constexpr std::size_t records_at_once = 1000; // of a base, for which changes wait

/// What a key takes, with the nodes of both tables and their blocks.
std::size_t cost_of(std::size_t key, std::size_t value) {
  constexpr std::size_t tables = 176;
  return 2 * key + value + tables;
}

} // namespace

memory_core::~memory_core() {
  journal_.reset(); // its thread reads the members
}

result<void> memory_core::keep_in(const std::string& directory, const journal_options& options) {
  auto journal = store_journal::open(
      directory,
      [this](const store_record& record) {
        if (record.what == store_record::kind::set)
          put(record.key, record.value);
        else if (const auto found = entries_.find(std::string(record.key)); found != entries_.end())
          remove(found);
      },
      options);
  if (!journal)
    return tl::unexpected<error>(journal.error());
  journal_ = std::move(*journal);
  log_event(log_level::info, "store", "kept data read",
            {{"directory", directory}, {"keys", entries_.size()}, {"bytes", used_}});
  journal_->start([this](std::uint64_t& cursor, std::string& into) { next_records(cursor, into); });
  return {};
}

std::optional<std::string> memory_core::read(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  return found == entries_.end() ? std::nullopt : std::optional(found->second.value);
}

bool memory_core::exists(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  return entries_.count(key) != 0;
}

result<void> memory_core::write(const std::string& key, const std::string& value) {
  const std::lock_guard lock(mutex_);
  return write_locked(key, value);
}

result<bool> memory_core::write_all(const std::vector<std::string>& keys, const std::string& value,
                                    const condition& source) {
  const std::lock_guard lock(mutex_);
  if (source.was) {
    const auto found = entries_.find(source.key);
    if (found == entries_.end() || !matches(*source.was, found->second.value))
      return false;
  }
  for (const auto& key : keys)
    if (auto written = write_locked(key, value); !written)
      return tl::unexpected<error>(written.error());
  return true;
}

result<void> memory_core::write_locked(const std::string& key, const std::string& value) {
  const auto found = entries_.find(key);
  const std::size_t freed = found == entries_.end() ? 0 : cost_of(key.size(), found->second.value.size());
  const std::size_t needed = cost_of(key.size(), value.size());
  if (limit_ > 0 && needed > freed && used_ - freed + needed > limit_) {
    note_missed(needed - freed);
    return fail(fault::out_of_space, "the embedded store is full: it may take " + std::to_string(limit_) +
                                         " bytes (memory-limit)");
  }
  if (journal_)
    if (auto kept = journal_->append({store_record::kind::set, key, value}); !kept)
      return kept;
  put(key, value);
  return {};
}

void memory_core::note_missed(std::size_t bytes) {
  constexpr std::size_t huge = std::size_t{64} << 10U; // profiles and lists hardly ever are
  if (bytes < huge)
    missed_ = missed_ == 0 ? bytes : std::min(missed_, bytes);
}

std::string memory_core::shortage() const {
  {
    const std::lock_guard lock(mutex_);
    if (missed_ > 0 && used_ + missed_ > limit_)
      return "it may take no more memory (--memory-limit)";
  }
  return journal_ ? journal_->shortage() : std::string();
}

result<bool> memory_core::erase(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end())
    return false;
  if (journal_)
    if (auto kept = journal_->append({store_record::kind::erase, key, {}}); !kept)
      return tl::unexpected<error>(kept.error());
  remove(found);
  return true;
}

void memory_core::put(std::string_view key, std::string_view value) {
  const auto [position, added] = entries_.try_emplace(std::string(key));
  entry& held = position->second;
  if (added) {
    held.id = next_id_++;
    keys_.emplace(held.id, key);
  } else {
    used_ -= cost_of(key.size(), held.value.size());
  }
  held.value = value;
  used_ += cost_of(key.size(), value.size());
}

void memory_core::remove(entries::iterator found) {
  used_ -= cost_of(found->first.size(), found->second.value.size());
  keys_.erase(found->second.id);
  entries_.erase(found);
}

void memory_core::next_records(std::uint64_t& cursor, std::string& into) const {
  const std::lock_guard lock(mutex_);
  auto next = keys_.lower_bound(cursor);
  for (std::size_t i = 0; i < records_at_once && next != keys_.end(); ++i, ++next)
    append_record(into, {store_record::kind::set, next->second, entries_.at(next->second).value});
  cursor = next == keys_.end() ? 0 : next->first;
}

scan_page memory_core::scan(std::string_view prefix, std::uint64_t cursor, std::size_t count) const {
  const std::lock_guard lock(mutex_);
  scan_page page;
  auto next = keys_.lower_bound(cursor);
  for (std::size_t i = 0; i < std::max<std::size_t>(count, 1) && next != keys_.end(); ++i, ++next) {
    if (starts_with(next->second, prefix))
      page.keys.push_back(next->second);
  }
  page.next = next == keys_.end() ? 0 : next->first;
  return page;
}

std::size_t memory_core::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

void memory_core::announce(const profile_key& key) {
  // If the changes are not collected, a sweep is cheaper than keeping more of them.
  constexpr std::size_t most_pending = 100'000;
  {
    const std::lock_guard lock(mutex_);
    if (pending_.changed.size() >= most_pending)
      pending_ = {{}, true};
    else
      pending_.changed.push_back(key);
  }
  changed_.notify_one();
}

change_batch memory_core::wait(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [this] { return pending_.lost || !pending_.changed.empty(); });
  return std::exchange(pending_, {});
}

} // namespace winnow
