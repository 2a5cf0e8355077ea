#pragma once

#include "actors/admin/admin_server_self.hpp"
#include "actors/pipeline/profile_directory.hpp"
#include "config/settings/settings.hpp"
#include "models/cascade.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <nlohmann/json.hpp>

namespace winnow {

/// What a trace needs.
struct trace_parts {
  cascade_settings cascade;
  std::chrono::milliseconds limit{}; ///< Time-out of each step.
  std::shared_ptr<const profile_directory> directory;
};

/// Runs one user through the current stages, by the shop's rules for all lists, and reports every
/// intermediate result. Stores nothing. Each step passes a shared pointer to the trace on to its
/// continuation, so the trace lives as long as a step is pending. Runs only on the admin server's thread.
class cascade_trace : public std::enable_shared_from_this<cascade_trace> {
public:
  cascade_trace(admin_server_self::pointer self, trace_parts parts, neighbours_ptr neighbours,
                admin_call_ptr call);

  /// Starts the trace, which answers the call when it is done.
  void run();

private:
  using list_ptr = std::shared_ptr<const ranked_list>;

  /// A stage, and how many items it keeps.
  struct step {
    const char* stage;
    std::size_t keep; ///< How many of its ranked items go on to the next stage.
  };

  void resolve(const profile& items);
  result<void> add_wishes(user_context& user);
  void generate();
  void rank_by_din();
  void rank_by_ranknet();
  void end_list();
  void ask_for_list();
  void take_list(const recommendation& list);
  void finish();

  /// Sends all `candidates` to a stage, adds the result to the report, and calls `next` with the items that
  /// the stage keeps. If it does not answer, keeps the first ones in the old order.
  void ask(const stage_actor& stage, step how, list_ptr candidates, void (cascade_trace::*next)());
  void add_stage(const step& how, steady_clock::time_point sent, const result<list_ptr>& order);
  nlohmann::ordered_json attention() const;
  nlohmann::ordered_json reasons() const;
  void refuse(const error& reason);
  std::string name_of(std::uint32_t item) const { return std::string(models_->items[item]); }

  admin_server_self::pointer self_;
  trace_parts parts_;
  neighbours_ptr neighbours_;
  admin_call_ptr call_;
  profile_key named_; ///< What the path names: with a timestamp, the profile of that time.
  model_set_ptr models_;
  cascade_widths widths_;
  steady_clock::time_point begin_ = steady_clock::now();
  profile history_;
  std::shared_ptr<const user_context> user_;
  list_ptr kept_;                   ///< The input of the next stage; null until candidates are generated.
  std::vector<std::uint32_t> list_; ///< The final one.
  nlohmann::ordered_json report_;
};

} // namespace winnow
