#pragma once

#include "actors/pipeline/recommender.hpp"
#include "actors/stage_messages.hpp"
#include "models/cascade.hpp"
#include "models/list_wishes.hpp"

namespace winnow {

class shadow_gate;

/// The objects that a job uses. They are shared because a job may outlive the recommender's state.
struct job_environment {
  recommender_self::pointer self;
  std::shared_ptr<deadline_watch<recommender_self>> watch;
  std::shared_ptr<store_burst> burst;
  std::shared_ptr<stored_list_burst> stored;
  std::shared_ptr<cost_turns> costly;
  std::shared_ptr<cost_turns> large;
  std::shared_ptr<reading_lanes> lanes;
  std::shared_ptr<ruled_lists> asked;
  std::shared_ptr<const recommender_parts> parts;
  neighbours_ptr neighbours; ///< As of when the request arrived.
  model_set_ptr models;      ///< Those of the user.
  bool in_trial = false;     ///< Whether what the user takes from the list counts for the experiment.
  std::shared_ptr<shadow_gate> shadows;
};

/// One request on its way through the stages. Each step sends a request to another actor, and its
/// continuation holds a shared pointer to the job. So the job lives exactly as long as a request is pending.
/// The promise is answered on every path: if all continuations are dropped, the destructor answers it. Runs
/// only on the recommender's thread.
class recommendation_job : public std::enable_shared_from_this<recommendation_job> {
public:
  recommendation_job(job_environment environment, recommendation_request_ptr request);
  ~recommendation_job();
  recommendation_job(const recommendation_job&) = delete;
  recommendation_job& operator=(const recommendation_job&) = delete;

  caf::typed_response_promise<recommendation_reply> answer() const { return answer_; }
  void run();

private:
  using list_ptr = std::shared_ptr<const ranked_list>;
  using next_step = void (recommendation_job::*)(result<list_ptr>);

  void read_profile_from_store();
  void read_newest_profile();
  void read_profile_of_time();
  void miss_profile();
  void take_profile_text(const store_reply& reply);
  void await_turn();
  void read_large_profile(const cost_turns::turn& turn);
  void take_large_text(const store_replies& replies, const cost_turns::turn& turn);
  void read(const std::string& text);
  void resolve_in_turn(const std::shared_ptr<const profile>& items);
  void look_up_in_turn(long_profile asked, std::size_t bytes, const cost_turns::turn& read);
  void look_up_elsewhere(const long_profile_ptr& asked, const reading_lanes::lane& lane,
                         std::vector<std::shared_ptr<const void>> turns);
  void take_looked_up(const looked_up_ptr& found);
  std::size_t comparisons() const;
  void filter_in_turn(std::size_t comparisons, std::function<void()> resolve);
  tl::unexpected<error> no_profile() const;
  void resolve(const profile& items);
  void resolve_looked_up(const looked_up_ptr& found);
  bool is_watched() const { return env_.parts->taken && is_shown(); }

  /// Begins the stages. @param keep Returns the profile in a form that can be kept; called if that is needed.
  template<class Keep>
  void begin_stages(Keep keep);
  void generate();
  void take_candidates(result<list_ptr> list);
  void rank_by_din();
  void take_din_list(result<list_ptr> list);
  void rank_by_ranknet();
  void keep_ranked(const char* stage, result<list_ptr> list, list_ptr& ranked, std::size_t keep);
  void take_ranknet_list(result<list_ptr> list);
  void explain();
  void complete();
  void arrange();
  bool lacks_candidates() const;
  std::size_t further_items() const;
  void find_further();
  void take_further(result<list_ptr> list);
  void finish_list();
  void observe() const;
  void store();
  std::uint64_t basis() const;
  write_list stored_command() const;

  /// Reports to the poller that the list was stored. The poller already knows of lists that it requested
  /// itself.
  /// @param confirmed False if it was not stored, or if that is unknown.
  void note_stored(bool confirmed) const;

  /// The list was stored, or is shown at a placement: counts what the user took since the last one.
  void note_shown() const;
  bool is_for_shadow() const;
  void count(const result<recommendation>& outcome, std::chrono::nanoseconds took) const;
  void finish(result<recommendation> outcome);

  /// Sends a task to a stage. Calls `next` with the stage's list, or with an error if there is none within
  /// `limit`.
  /// @param name Of the stage; static text.
  void ask(const char* name, const stage_actor& stage, list_ptr candidates, std::size_t keep,
           std::chrono::milliseconds limit, next_step next);

  /// Records in the answer, the metrics and the log that a stage did not answer.
  void degrade(std::string_view stage, const error& reason);

  std::chrono::milliseconds time_left() const;

  const job_environment env_;
  const recommendation_request_ptr request_;
  const bool is_plain_ = !request_->query || request_->query->is_plain();
  caf::typed_response_promise<recommendation_reply> answer_;
  const request_trace_ptr trace_; ///< Null: the request is not traced.
  steady_clock::time_point begin_ = steady_clock::now();
  /// Whether the list is the user's plain one.
  bool is_plain() const noexcept { return is_plain_; }
  bool is_shown() const noexcept;
  std::string_view placement() const noexcept; ///< Empty: none.
  bool is_trial() const noexcept { return request_->tries != recommendation_request::trial::none; }
  result<void> add_wishes(user_context& user);
  bool has_wishes() const;
  std::size_t din_items() const;

  /// From the models with which the request began, unless the settings override them.
  cascade_widths widths_;
  cascade_widths
      usual_widths_; ///< Before wishes widened them: those on which a plain list's record is based.
  std::string timestamp_;
  std::string missing_;                  ///< Timestamp of the newest profile if it was not found; else empty.
  std::optional<profile_source> source_; ///< The profile as it was read; nullopt if it was not.
  std::shared_ptr<const user_context> user_;
  std::shared_ptr<const profile> shadowed_;   ///< The profile if the shadow ranks this list, too; else null.
  steady_clock::time_point stages_begin_;     ///< If so.
  std::chrono::nanoseconds stages_took_{};    ///< If so.
  std::optional<taken_watch::sighting> seen_; ///< The profile; nullopt if it is not watched.
  std::shared_ptr<const profile> history_;    ///< As stored; null unless the list is to be explained.
  list_ptr kept_; ///< The items kept so far, in the order of the last stage that answered.
  /// What RankNet was given the first `widths_.din_keep` of.
  list_ptr before_ranknet_;
  arranged_list arranged_;               ///< The final list, if it is not the plain one.
  std::optional<std::size_t> looked_at_; ///< How many candidates, if there may be more than were found.
  recommendation result_;
  std::vector<std::string_view> ids_; ///< Of the final list.
  bool answered_ = false;
  deadline_watch<recommender_self>::ticket late_; ///< Of a long profile that waits or is being read.
};

} // namespace winnow
