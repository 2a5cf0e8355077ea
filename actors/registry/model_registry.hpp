#pragma once

#include "actors/registry/gate_report.hpp"
#include "config/settings/settings.hpp"
#include "models/model_set.hpp"
#include "models/trials/model_trials.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace winnow {

/// Who serves the models. The functions are called with the registry's lock: they must not block, nor ask it.
struct model_user {
  /// Makes new requests use these models, and beside them these trials, both at once.
  /// @param models Null: those in force stay. @param trials Null: there are none.
  std::function<void(const model_set_ptr& models, const model_trials_ptr& trials)> serve;
  /// What was to be loaded because of SIGHUP is not served. @param in_force The digest of what stays.
  std::function<void(const error& why, const std::string& in_force)> refused;
  /// Calls `known` once new requests use what was served last, or with the reason why that is not known.
  /// Always calls it, within a bounded time, on any thread. Empty: they use it at once.
  std::function<void(std::function<void(const result<void>&)> known)> when_in_force = {};
};

/// What the registry does its work with.
struct registry_parts {
  model_settings settings;
  /// Loads a version aside and warms it up; the one that `current` names if the name is empty. Blocking;
  /// called on the thread of `later`.
  std::function<result<model_set_ptr>(const std::string& version)> load;
  /// Runs work on another thread, one after the other; at shutdown it may never run.
  std::function<void(std::function<void()>)> later;
  gate_settings gate = {};
  /// Compares a version with the one in force. Blocking; called on the thread of `later`. Empty: every
  /// version may come into force.
  std::function<result<version_comparison>(const model_set& in_force, const model_set& candidate)> compare =
      {};
  /// Whether the shop's rules fit models that are to come into force. Called on any thread, also with the
  /// registry's lock: may read a small file. Empty: there are no rules.
  std::function<result<void>(const model_set_ptr& models)> fit_rules = {};
};

/// The versions of the models: which are on disk, which in memory, and which one is in force. Operators steer
/// it through the admin endpoint. Thread-safe.
///
/// A version that is promoted comes into force as a whole, as after SIGHUP, and `current` names it from then
/// on, so that it is also in force after a restart. The last ones stay in memory
/// (`model_settings::in_memory`): going back to them reads nothing from disk. A version that was loaded aside
/// stays until another one is; so does one that was rolled back.
///
/// **A version is its files**, not only its name. If those of a name were replaced on disk, what is in memory
/// stays what it was, and the new ones come into force as another version would: loaded aside, and judged.
/// That is also so if one goes back to the name: what was in force before is not judged again, other files
/// are.
///
/// **The gate**: before a published version comes into force, it is compared with the one in force. If it
/// does not fulfil the conditions (`gate_settings`), it stays aside, with a report, unless an operator forces
/// it.
///
/// **The shop's rules**: models that the rules do not fit do not come into force, whether the gate is asked
/// or not. Only going back works in any case, with a warning: then the rules that do not fit are left out.
/// Versions of experiments and the shadow get the items' attributes of the version in force, which the rules
/// fit.
///
/// **Experiments**: several versions share the users, the one in force among them. All of them stay in
/// memory. To bring a version into force by name, or to roll back, means all users, so it ends the
/// experiment. A reload of the version in force does not. The **shadow** is one more version, which only
/// ranks. Both are kept in the model directory (`trials_file`) for the next start.
///
/// A directory without published versions is served as ever: its models leave the memory when they are
/// replaced.
class model_registry : public std::enable_shared_from_this<model_registry> {
public:
  /// The answer to an operator, as JSON.
  using reply = std::function<void(result<std::string>)>;
  model_registry(registry_parts parts, model_set_ptr first);

  /// Tells the registry who serves its models.
  void serve_with(model_user user);

  /// Nothing comes into force any more, and the user is not called any more.
  void stop() { serve_with({}); }

  /// Loads what `current` names, and brings it into force: SIGHUP. If the same is waiting already, nothing is
  /// added. Dropped if another version comes into force meanwhile. If the gate refuses it, `current` names
  /// the version in force again.
  void reload();

  /// The versions on disk and in memory, as `winnowctl models list --json` prints them. Reads the
  /// descriptions.
  result<std::string> list() const;

  /// Loads a version aside and judges it. It does not come into force. It is only judged if memory has other
  /// files of this name that are served, or that one may go back to.
  void load(const std::string& name, const reply& answer);

  /// Brings a version into force. Loads it first unless it is in memory with the files that are on disk, and
  /// judges it unless that was done.
  /// Answers once new requests use it.
  /// @param force Whatever the gate says of it. The shop's rules must fit it all the same.
  void promote(const std::string& name, bool force, const reply& answer);

  /// Brings the version that was in force before into force again. At once if it is in memory; else loads it,
  /// and if its name has other files by now, judges them.
  void roll_back(const reply& answer);

  /// The latest report on a version, or all reports, the latest last, if the name is empty.
  result<std::string> report(const std::string& name) const;

  /// Begins an experiment, or changes the one that runs. Versions that are not in memory are loaded and
  /// judged first. @param force Whatever the gate says of them.
  void start_experiment(const experiment_order& order, bool force, const reply& answer);

  /// Ends the experiment: all users get the version in force.
  result<std::string> stop_experiment();

  /// Makes a version the shadow. Loads it first unless it is in memory; the gate is not asked.
  void start_shadow(const shadow_order& order, const reply& answer);
  result<std::string> stop_shadow();

  /// Continues what the model directory remembers. Loads its versions; what cannot be continued is logged.
  /// Blocking; before anything is served.
  void restore_trials();

  /// What is served beside the models in force; null: nothing.
  model_trials_ptr trials() const;

  /// What operators see of the experiment.
  struct trials_state {
    std::optional<experiment> latest; ///< That runs, or ran last.
    bool runs = false;
    std::string problem;  ///< Why it does not run although it was not stopped; may be empty.
    std::string in_force; ///< Name of the version.
  };
  trials_state state_of_trials() const;

  /// The latest order of an experiment, for the replicas of a fleet.
  struct shared_trial {
    std::int64_t ordered = 0; ///< In milliseconds since 1970: the latest one holds.
    std::string text;         ///< The experiment, see `to_json`.
  };
  std::optional<shared_trial> trial_to_share() const; ///< nullopt: there never was one.

  /// Another replica's order: takes it unless the own one is as late. Versions that are not in memory are
  /// loaded; the gate is not asked, as it was there. What cannot be taken, because a version is missing or
  /// has other files, is logged, and tried again by the next call after a while. Does not block.
  void take_trial(const shared_trial& told);

  result<std::string> pin(const std::string& name, bool pinned);

  /// Deletes a version from disk, and from memory. Not the one in force, nor the one that `current` names,
  /// nor one of a trial; these also not under another name.
  result<std::string> remove(const std::string& name);

private:
  struct held {
    std::string name;
    model_set_ptr models;
    bool is_published = false;
  };
  /// What was in force. It may have left the memory, and its name may have other files by now.
  struct earlier_version {
    std::string name, digest;
  };

  const held* find(const std::string& name) const;
  bool is_replaced(const held& version) const;
  bool is_served(const std::string& name) const;
  bool is_in_force(const held& version) const;
  bool leads_back_elsewhere(const held& version) const;
  bool was_in_force(const held& version) const;
  void note_earlier();
  void hold(const std::string& name, const model_set_ptr& models);
  void forget_old();
  void replace(const model_set_ptr& models);
  void refuse_reload(const error& why);
  result<void> check_rules(const model_set_ptr& models) const;
  result<void> name_in_force(const held& version) const;
  void name_again(const held& refused);
  void name_again_locked(const std::string& refused);
  static held as_held(const model_set_ptr& models);
  result<void> judge_reloaded(const held& candidate);
  result<std::string> take(held chosen, bool goes_back);
  void load_and_take(const std::string& name, bool goes_back, bool judged, const reply& answer);
  result<held> load_aside(const std::string& name);
  result<held> as_on_disk(const std::string& name);
  void take_aside(const held& version);
  bool needs_judgement(const held& candidate) const;
  const gate_report* valid_report(const held& candidate) const;
  result<void> judge(const held& candidate);
  result<void> pass_gate(const held& candidate);
  void serve(const model_set_ptr& models);
  void answer_in_force(result<std::string> done, const reply& answer) const;
  model_trials_ptr trials_locked() const;
  std::map<std::string, double> shares_by_version() const;
  bool is_in_trial(const std::string& name) const;
  std::string why_needed(const std::string& name) const;
  std::string why_other_files() const;
  result<void> hold_for_trial(const std::vector<std::string>& names, bool force);
  result<std::string> begin(const experiment_order& order, std::uint64_t changes);
  result<std::string> begin(const shadow_order& order);
  std::string end_trials(const std::string& in_force, bool same_files);
  result<void> keep(kept_trials kept);
  std::string restore(const std::vector<std::string>& names, bool& runs);
  bool take_order(const experiment& told, std::int64_t ordered);
  std::string why_not_run(const result<void>& ready) const;
  void run_taken(std::int64_t ordered);

  const registry_parts parts_;
  mutable std::mutex mutex_; ///< Guards what follows.
  model_user user_;
  bool reload_waits_ = false;
  std::vector<held> held_;               ///< In memory.
  std::string in_force_;                 ///< Is held.
  std::vector<earlier_version> earlier_; ///< What was in force before, the latest last.
  std::string aside_;                    ///< Loaded aside last, and not yet in force; may be empty.
  std::vector<std::string> pinned_;      ///< Of those in memory.
  std::vector<gate_report> reports_;     ///< One a version, the latest last.
  kept_trials trials_;                   ///< As in the file.
  bool experiment_runs_ = false;
  bool shadow_runs_ = false;
  std::shared_ptr<shadow_record> shadow_did_; ///< Of the present shadow; null if none has begun.
  std::string trial_problem_;
  std::vector<std::string> wanted_;                    ///< Are being loaded for a trial.
  bool takes_trial_ = false;                           ///< Of another replica: its versions are being loaded.
  std::chrono::steady_clock::time_point take_again_{}; ///< If that failed.
  std::uint64_t changes_ = 0;                          ///< How often a version came into force.
  std::uint64_t choices_ = 0;                          ///< How often by an operator's order, not by a reload.
};

} // namespace winnow
