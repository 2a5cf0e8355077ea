// How the desk reads its files again, and writes its own.

#include "config/log/log.hpp"
#include "models/availability/deny_list.hpp"
#include "models/availability/item_desk.hpp"
#include "models/model_files.hpp"

#include <chrono>
#include <utility>

namespace winnow {

namespace {

constexpr const char* component = "items";
constexpr std::chrono::milliseconds rest_before_reading{500};
constexpr std::chrono::milliseconds write_again_after{10'000};

} // namespace

/// Whether to read a file: it has changed, and is no longer being written.
bool item_desk::watched_file::is_due(const std::optional<file_stamp>& now,
                                     const std::filesystem::path& file) {
  if (!now) {
    if (read && !std::exchange(missing, true))
      log_event(log_level::error, component, "file is missing, what was read of it stays",
                {{"file", file.string()}});
    return false;
  }
  missing = false;
  return now != read && now != refused && now->at_rest(rest_before_reading);
}

bool item_desk::look_after() {
  bool changed = read_deny_list();
  changed = read_items_file() || changed;
  const std::lock_guard lock(mutex_);
  if (is_write_due())
    write_updates();
  if (!withheld_)
    return changed;
  const double now = static_cast<double>(now_()) / 1000;
  // A clock that was set back makes items available again.
  if (changed || now < withheld_at_ || withheld_->next_expiry().value_or(now + 1) <= now) {
    const auto expired = counts_.expired;
    withhold();
    changed = changed || expired != counts_.expired;
  }
  return changed;
}

void item_desk::read_deny_list_again() {
  const std::lock_guard lock(mutex_);
  deny_due_ = true;
}

bool item_desk::read_deny_list() {
  if (deny_file_.empty())
    return false;
  const auto stamp = stamp_of(deny_file_);
  {
    const std::lock_guard lock(mutex_);
    const bool asked = std::exchange(deny_due_, false);
    if (!deny_state_.is_due(stamp, deny_file_) && !(asked && stamp))
      return false;
  }
  auto denied = winnow::read_deny_list(deny_file_);
  const std::lock_guard lock(mutex_);
  if (!denied) {
    deny_state_.refused = stamp;
    ++counts_.deny_refused;
    log_event(log_level::error, component, "deny list refused, the old one stays",
              {{"reason", denied.error().message}});
    return false;
  }
  deny_state_.read = stamp;
  ++counts_.deny_read;
  denied_ = std::move(*denied);
  log_event(log_level::info, component, "deny list read",
            {{"file", deny_file_.string()}, {"items", denied_->size()}});
  report_unknown_denials();
  return true;
}

/// Ids of another shop, or of another form, deny nothing, and nobody would notice. Some unknown ids are
/// usual: an item may be denied before the models know it.
void item_desk::report_unknown_denials() const {
  if (!denied_ || !updates_) // without updates, no models are adopted yet
    return;
  const auto unknown = unknown_among(*denied_, items_);
  if (unknown.count == 0)
    return;
  const bool all = unknown.count == denied_->size();
  log_event(all ? log_level::warning : log_level::info, component,
            all ? "deny list has only items that the models do not know"
                : "deny list has items that the models do not know",
            {{"file", deny_file_.string()},
             {"unknown", unknown.count},
             {"items", denied_->size()},
             {"example", unknown.example}});
}

/// The model directory may have got an items file since the models with their own one came into force.
void item_desk::watch_file_of_shop() {
  const auto file = items_file_of(home_, items_file_.parent_path());
  if (file == items_file_)
    return;
  items_file_ = file;
  items_state_ = {};
}

bool item_desk::read_items_file() {
  std::filesystem::path file;
  catalogue items;
  {
    const std::lock_guard lock(mutex_);
    if (!updates_)
      return false;
    watch_file_of_shop();
    if (!items_state_.is_due(stamp_of(items_file_), items_file_))
      return false;
    file = items_file_;
    items = items_;
  }
  const auto before = stamp_of(file);
  auto read = load_attributes(file, items.trained());
  const std::lock_guard lock(mutex_);
  if (file != items_file_ || stamp_of(file) != before || &items.trained() != &items_.trained())
    return false; // it changed meanwhile, or other models were adopted: the next call sees
  if (!read) {
    items_state_.refused = before;
    ++counts_.items_refused;
    log_event(log_level::error, component, "items file refused, the old attributes stay",
              {{"reason", read.error().message}});
    return false;
  }
  items_state_.read = before;
  ++counts_.items_read;
  from_file_ = std::move(*read);
  log_event(log_level::info, component, "items file read",
            {{"file", file.string()}, {"items", from_file_->table().ids().size()}});
  merge();
  write_updates();
  return true;
}

/// Writes what clients said. Returns whether it is kept over a restart. The log names each reason once.
bool item_desk::write_updates() {
  const auto written = updates_->write();
  last_write_ = now_();
  auto reason = written ? std::string() : written.error().message;
  if (reason != counts_.unkept_because && !written)
    log_event(log_level::error, component, "updates are not kept over a restart", {{"reason", reason}});
  else if (reason != counts_.unkept_because)
    log_event(log_level::info, component, "updates are kept again", {});
  counts_.unkept_because = std::move(reason);
  return written.has_value();
}

/// Whether to try again what could not be written. A clock that was set back does not put that off.
bool item_desk::is_write_due() const {
  const auto since = now_() - last_write_;
  return !counts_.unkept_because.empty() && (since < 0 || since >= write_again_after.count());
}

} // namespace winnow
