// How the desk gives model sets their attributes and their withheld items.

#include "config/log/log.hpp"
#include "models/availability/item_desk.hpp"
#include "models/model_files.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace winnow {

namespace {

namespace fs = std::filesystem;

constexpr const char* component = "items";

double seconds(std::int64_t milliseconds) {
  return static_cast<double>(milliseconds) / 1000;
}

/// Whether attributes are of one state of the items.
bool are_same(const item_attributes& a, const item_attributes& b) {
  return &a.ids() == &b.ids() && a.columns() == b.columns();
}

/// A version that was trained from a newer table has values that nobody will see.
void report_left_out(const std::filesystem::path& file, const std::filesystem::path& directory) {
  const auto of_version = directory / file.filename();
  const auto ours = stamp_of(file), left_out = stamp_of(of_version);
  if (ours && left_out && left_out->modified > ours->modified)
    log_event(log_level::warning, component, "the version's newer items file does not count",
              {{"file", of_version.string()}, {"counts", file.string()}});
}

} // namespace

model_set_ptr item_desk::adopt(const model_set_ptr& loaded) {
  const std::lock_guard lock(mutex_);
  const auto file = items_file_of(loaded->home, loaded->directory);
  from_file_ = present_attributes(*loaded, file);
  report_left_out(file, loaded->directory);
  items_ = loaded->items;
  home_ = loaded->home;
  items_file_ = file;
  items_state_ = {};
  if (from_file_)
    items_state_.read = from_file_->file();
  if (!updates_)
    open_updates(loaded->home);
  report_unknown_denials();
  merge();
  return dress_locked(loaded);
}

model_set_ptr item_desk::as_adopted(const model_set_ptr& loaded) const {
  const std::lock_guard lock(mutex_);
  auto adopted = std::make_shared<model_set>(*loaded);
  std::size_t misfits = 0;
  adopted->attributes = with_updates(
      present_attributes(*loaded, items_file_of(loaded->home, loaded->directory)), loaded->items, misfits);
  return adopted;
}

/// What the items file of models says now. What they were loaded with may be out of date: an item that was
/// hidden meanwhile must not come back with them.
std::shared_ptr<const catalogue_attributes>
item_desk::present_attributes(const model_set& loaded, const std::filesystem::path& file) const {
  const auto now = stamp_of(file);
  if (!now || (loaded.attributes && loaded.attributes->file() == now))
    return loaded.attributes;
  if (from_file_ && file == items_file_) // `look_after` sees to what has changed since it was read
    return std::make_shared<const catalogue_attributes>(from_file_->table(), loaded.items.trained(),
                                                        from_file_->file());
  auto read = load_attributes(file, loaded.items.trained());
  if (read)
    return std::move(*read);
  log_event(log_level::error, component, "items file refused, the attributes as the models were loaded count",
            {{"reason", read.error().message}});
  return loaded.attributes;
}

void item_desk::open_updates(const std::filesystem::path& home) {
  if (updates_file_.empty())
    updates_file_ = home / ".winnow-live" / "items";
  updates_.emplace();
  const auto opened = updates_->open(updates_file_);
  const auto aside = updates_file_.string() + ".broken";
  std::error_code problem;
  if (opened) {
    if (!updates_->damage().empty()) { // the next rewriting drops these lines
      fs::copy_file(updates_file_, aside, fs::copy_options::overwrite_existing, problem);
      log_event(log_level::error, component, "updates are damaged, those that are whole are in effect",
                {{"reason", updates_->damage()}, {"copy", problem ? "none: " + problem.message() : aside}});
    }
    if (updates_->items() > 0)
      log_event(log_level::info, component, "updates read",
                {{"file", updates_file_.string()}, {"items", updates_->items()}});
    return;
  }
  fs::rename(updates_file_, aside, problem);
  log_event(log_level::error, component, "updates set aside, started without them",
            {{"reason", opened.error().message}, {"file", problem ? updates_file_.string() : aside}});
  if (problem) // it is still there: nothing can be kept, and answers say so
    return;
  updates_.emplace();
  static_cast<void>(updates_->open(updates_file_)); // it is not there
}

model_set_ptr item_desk::dress(const model_set_ptr& models) {
  const std::lock_guard lock(mutex_);
  return dress_locked(models);
}

model_set_ptr item_desk::dress_beside(const model_set_ptr& models, const model_set_ptr& before) {
  const std::lock_guard lock(mutex_);
  auto dressed = std::make_shared<model_set>(*models);
  if (!merged_)
    dressed->attributes = nullptr;
  else if (before && before->attributes && are_same(before->attributes->table(), merged_->table()))
    dressed->attributes = before->attributes;
  else
    dressed->attributes =
        std::make_shared<const catalogue_attributes>(merged_->table(), models->items.trained());
  dressed->withheld = nullptr;
  if (!withheld_->empty()) { // of its own: the one in force counts rows in the order of other models
    const auto withheld = std::make_shared<const withholding>(dressed->attributes, denied_, withheld_at_);
    dressed->withheld = std::make_shared<const withheld_items>(withheld, models->items);
  }
  return dressed;
}

model_set_ptr item_desk::with_attributes(const model_set_ptr& models) const {
  const std::lock_guard lock(mutex_);
  if (!updates_ || models->attributes == merged_)
    return models;
  auto known = std::make_shared<model_set>(*models);
  known->attributes = merged_;
  return known;
}

model_set_ptr item_desk::dress_locked(const model_set_ptr& models) {
  items_ = models->items; // also those that were adopted while serving
  if (withheld_->empty())
    last_withheld_ = nullptr;
  else
    last_withheld_ = std::make_shared<const withheld_items>(withheld_, models->items, last_withheld_.get());
  if (models->attributes == merged_ && !models->withheld && !last_withheld_)
    return models;
  auto dressed = std::make_shared<model_set>(*models);
  dressed->attributes = merged_;
  dressed->withheld = last_withheld_;
  return dressed;
}

/// Combines the items file with the updates.
void item_desk::merge() {
  if (from_file_ && from_file_->file())
    if (const auto gone = updates_->yield_to(from_file_->table(), file_time()))
      log_event(log_level::info, component, "updates yield to the newer items file", {{"values", gone}});
  std::size_t misfits = 0;
  merged_ = with_updates(from_file_, items_, misfits);
  if (misfits > 0)
    log_event(log_level::warning, component, "updates do not fit the items file, and are left out",
              {{"values", misfits}});
  withhold();
}

/// @param misfits Receives how many values of updates do not fit, and are left out.
std::shared_ptr<const catalogue_attributes>
item_desk::with_updates(const std::shared_ptr<const catalogue_attributes>& from_file, const catalogue& items,
                        std::size_t& misfits) const {
  if (!updates_ || updates_->items() == 0)
    return from_file;
  const item_attributes none;
  const auto values = updates_->values(from_file ? from_file->table() : none, misfits);
  const catalogue_attributes empty(none, items.trained());
  return std::make_shared<const catalogue_attributes>(
      (from_file ? *from_file : empty).with(values, items.trained()));
}

/// When the items file was written, in milliseconds since 1970; 0 if there is none.
std::int64_t item_desk::file_time() const {
  return from_file_ && from_file_->file() ? from_file_->file()->modified / 1'000'000 : 0;
}

/// What the items file says about the attributes that a client changes.
nlohmann::json item_desk::base_of(const item_change& change) const {
  const item_attributes none;
  return said_by(from_file_ ? from_file_->table() : none, change.item_id, *change.attributes);
}

void item_desk::withhold() {
  withheld_at_ = seconds(now_());
  withheld_ = std::make_shared<const withholding>(merged_, denied_, withheld_at_);
  counts_.hidden = withheld_->count(withheld_reason::hidden);
  counts_.expired = withheld_->count(withheld_reason::expired);
  counts_.denied = withheld_->count(withheld_reason::denied);
}

} // namespace winnow
