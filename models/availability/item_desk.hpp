#pragma once

#include "models/availability/item_change.hpp"
#include "models/availability/item_state.hpp"
#include "models/availability/item_updates.hpp"
#include "models/model_set.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <gsl/span>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// How often the files of a desk were read again.
struct desk_counts {
  std::uint64_t items_read = 0, items_refused = 0;
  std::uint64_t deny_read = 0, deny_refused = 0;
  std::size_t hidden = 0, expired = 0, denied = 0; ///< Ids that are withheld now.
  std::size_t updated = 0;                         ///< Items about which clients said something.
  std::string unkept_because; ///< Why what they said would be lost at a restart; empty if it is kept.
};

/// Knows what may be shown: combines the items file of the models, what clients said about items since, the
/// deny list, and the clock. Gives model sets their attributes and their withheld items.
///
/// A value that a client gave holds until the items file has a newer one: until its modification time is
/// later, and it says something else about the item than the file did when the value came. Thread-safe.
class item_desk {
public:
  /// The time in milliseconds since 1970.
  using clock = std::function<std::int64_t()>;

  /// Reads the deny list that the settings name. Blocking.
  /// @return An error that names the file if it cannot be read.
  static result<std::shared_ptr<item_desk>> open(const model_settings& settings, clock now = system_clock());

  /// Takes models that come into force: their items file counts from now on, see `items_file_of`, as it is
  /// now, though they may have been loaded long ago. The first time, also reads the file of updates, which,
  /// if it is broken, is logged and set aside. Returns the models as `dress` does. Blocking.
  model_set_ptr adopt(const model_set_ptr& loaded);

  /// Returns the models with the attributes that they would have if they were adopted now. Blocking.
  model_set_ptr as_adopted(const model_set_ptr& loaded) const;

  /// Returns the models with the attributes and the withheld items as they are now: the models themselves if
  /// nothing differs.
  /// @param models Those that were adopted last, or what was learned on top of them.
  model_set_ptr dress(const model_set_ptr& models);

  /// The same for models that are served beside those, with other items perhaps.
  /// @param before What was returned for them before; may be null.
  model_set_ptr dress_beside(const model_set_ptr& models, const model_set_ptr& before);

  /// Returns the models with the attributes as they are now. Before any were adopted: as they are.
  model_set_ptr with_attributes(const model_set_ptr& models) const;

  /// Applies the changes in order. They are in what `dress` returns from then on. Blocking.
  /// @return One for each change: `malformed` if it does not fit, `out_of_space` if there are too many items.
  std::vector<result<item_state>> apply(gsl::span<const std::shared_ptr<const item_change>> changes);

  /// Returns what clients said since the last call, for the other replicas of a fleet.
  std::vector<item_fact> take_said();

  /// Takes what other replicas were told. It is in what `dress` returns from then on. Blocking.
  /// @return Whether any of it is news.
  bool take(gsl::span<const item_fact> told);

  /// Returns what clients said, and which of it they undid, that is missing among all that the fleet was
  /// told, or is later.
  std::vector<item_fact> ahead_of(gsl::span<const item_fact> told) const;

  /// Reads files that have changed again, whole, once they are at rest, and looks at the clock. A file that
  /// is missing or broken changes nothing, and is logged once. Tries every ten seconds to write what clients
  /// said, as long as that fails. Blocking. Call it once a second.
  /// @return Whether what `dress` returns has changed.
  bool look_after();

  /// From now on, what clients say is kept for `take_said`.
  void share();

  /// Makes the next `look_after` read the deny list, whether it seems to have changed or not.
  void read_deny_list_again();

  /// When the next item expires, in milliseconds since 1970; nullopt if none does.
  std::optional<std::int64_t> next_expiry() const;

  desk_counts counts() const;

private:
  explicit item_desk(const model_settings& settings, clock now)
      : deny_file_(settings.deny_items), updates_file_(settings.item_updates), now_(std::move(now)) {}

  static clock system_clock();

  /// A file that is read again when it changes.
  struct watched_file {
    std::optional<file_stamp> read;    ///< What it was when it was last read.
    std::optional<file_stamp> refused; ///< What it was when it was last refused.
    bool missing = false;              ///< As was logged.

    bool is_due(const std::optional<file_stamp>& now, const std::filesystem::path& file);
  };

  struct change_batch;

  result<item_values> parse(const item_change& change, change_batch& batch) const;
  item_state state_of(const std::string& item_id) const;
  model_set_ptr dress_locked(const model_set_ptr& models);
  std::int64_t time_for(const std::string& item_id);
  void note_said(const item_change& change, std::int64_t time);
  void open_updates(const std::filesystem::path& home);
  void keep(std::vector<result<item_state>>& states);
  std::shared_ptr<const catalogue_attributes> present_attributes(const model_set& loaded,
                                                                 const std::filesystem::path& file) const;
  std::shared_ptr<const catalogue_attributes>
  with_updates(const std::shared_ptr<const catalogue_attributes>& from_file, const catalogue& items,
               std::size_t& misfits) const;
  nlohmann::json base_of(const item_fact& fact) const;
  nlohmann::json base_of(const item_change& change) const;
  std::int64_t file_time() const;
  void merge();
  void withhold();
  bool read_deny_list();
  void report_unknown_denials() const;
  void watch_file_of_shop();
  bool read_items_file();
  bool write_updates();
  bool is_write_due() const;

  const std::filesystem::path deny_file_;
  std::filesystem::path updates_file_;
  const clock now_;

  mutable std::mutex mutex_;                              ///< Guards what follows.
  catalogue items_;                                       ///< Of the models that were dressed last.
  std::filesystem::path home_;                            ///< Of the models.
  std::filesystem::path items_file_;                      ///< That is watched.
  std::shared_ptr<const catalogue_attributes> from_file_; ///< Null if there is no items file.
  std::shared_ptr<const catalogue_attributes> merged_;    ///< With the updates; null if there is neither.
  std::optional<item_updates> updates_;
  std::vector<item_fact> said_;            ///< Not taken yet. Empty unless `shares_`.
  std::int64_t last_time_ = 0;             ///< Of what a client said.
  std::int64_t last_write_ = 0;            ///< When the updates were last written, or could not be.
  std::shared_ptr<const id_table> denied_; ///< Null if there is no deny list.
  std::shared_ptr<const withholding> withheld_;
  std::shared_ptr<const withheld_items> last_withheld_; ///< Of the models that were dressed last.
  double withheld_at_ = 0;                              ///< In Unix seconds.
  watched_file deny_state_, items_state_;
  bool deny_due_ = false;
  bool shares_ = false;
  desk_counts counts_;
};

} // namespace winnow
