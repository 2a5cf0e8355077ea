#pragma once

#include "actors/admin/admin_server_self.hpp"
#include "actors/pipeline/profile_directory.hpp"
#include "config/settings/settings.hpp"
#include "models/cascade.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <nlohmann/json.hpp>

namespace winnow {

/// What a trace works with.
struct trace_parts {
  cascade_settings cascade;
  std::chrono::milliseconds limit{}; ///< For each step.
  std::shared_ptr<const profile_directory> directory;
};

/// One user's way through the stages as they run now, told in full and stored nowhere. Each step hands a
/// shared pointer to the trace to its continuation, so it lives exactly as long as something is under way.
/// Runs on the admin server's thread alone.
class cascade_trace : public std::enable_shared_from_this<cascade_trace> {
public:
  cascade_trace(admin_server_self::pointer self, trace_parts parts, neighbours_ptr neighbours,
                admin_call_ptr call);

  /// Answers the call, at once or later.
  void run();

private:
  using list_ptr = std::shared_ptr<const ranked_list>;

  /// What a stage made of the candidates.
  struct step {
    const char* stage;
    std::size_t keep; ///< How many of its order it passes on.
  };

  void resolve(const profile& items);
  void generate();
  void rank_by_din();
  void rank_by_ranknet();
  void finish();

  /// Asks a stage to put all of `candidates` in order, tells of it, and goes on with what it keeps of them;
  /// where it does not answer, with the first of the old order.
  void ask(const stage_actor& stage, step how, list_ptr candidates, void (cascade_trace::*next)());
  void tell(const step& how, steady_clock::time_point asked, const result<list_ptr>& order);
  nlohmann::ordered_json attention() const;
  nlohmann::ordered_json reasons() const;
  std::vector<std::uint32_t> final_items() const;
  void refuse(const error& reason);
  std::string name_of(std::uint32_t item) const { return std::string(models_->items[item]); }

  admin_server_self::pointer self_;
  trace_parts parts_;
  neighbours_ptr neighbours_;
  admin_call_ptr call_;
  model_set_ptr models_;
  cascade_widths widths_;
  steady_clock::time_point begin_ = steady_clock::now();
  profile history_;
  std::shared_ptr<const user_context> user_;
  list_ptr kept_; ///< What goes into the next stage; null: candidate generation failed.
  nlohmann::ordered_json told_;
};

} // namespace winnow
