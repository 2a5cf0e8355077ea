#pragma once

#include "actors/pipeline/recommender.hpp"
#include "models/cascade.hpp"

namespace winnow {

/// What a job works with. Shared: a job may outlive the recommender's state.
struct job_environment {
  recommender_self::pointer self;
  std::shared_ptr<deadline_watch<recommender_self>> watch;
  std::shared_ptr<store_burst> burst;
  std::shared_ptr<stored_list_burst> stored;
  std::shared_ptr<const recommender_parts> parts;
  neighbours_ptr neighbours; ///< As of the request's arrival.
};

/// One request on its way through the stages. Each step asks another actor and hands a shared pointer to
/// itself to the continuation, so the job lives exactly as long as something is under way. The promise is
/// answered on every path: should all continuations be dropped, the destructor does it. Runs on the
/// recommender's thread alone.
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
  using next_step = std::function<void(result<list_ptr>)>;

  void read_profile_from_store();
  void take_profile_text(const store_reply& reply);
  tl::unexpected<error> no_profile() const;
  void resolve(const profile& items);
  void generate();
  void rank_by_din();
  void rank_by_ranknet();
  void explain();
  void store();
  void note_stored(bool surely) const;
  void finish(result<recommendation> outcome);

  /// Asks a stage, waits at most `limit`, and goes on with its list or with why there is none.
  void ask(const stage_actor& stage, list_ptr candidates, std::size_t keep, std::chrono::milliseconds limit,
           const next_step& next);

  /// Notes that a stage did not answer, in the form in which the answer tells it.
  void degrade(std::string_view stage, const error& reason);

  std::chrono::milliseconds time_left() const;

  const job_environment env_;
  const recommendation_request_ptr request_;
  caf::typed_response_promise<recommendation_reply> answer_;
  steady_clock::time_point begin_ = steady_clock::now();
  cascade_widths
      widths_; ///< Those of the models that the request began with, unless the settings say otherwise.
  std::string timestamp_;
  std::uint64_t digest_ = 0; ///< Of the profile that was read; 0: it came with the request.
  std::shared_ptr<const user_context> user_;
  profile history_; ///< As the store has it; only where the list is to be explained.
  list_ptr kept_;   ///< The order of the last stage that answered.
  recommendation result_;
  bool answered_ = false;
};

} // namespace winnow
