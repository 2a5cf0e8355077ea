#pragma once

#include "models/cascade.hpp"
#include "models/evaluation/ranking_outcome.hpp"

#include <cstdint>
#include <vector>

namespace winnow {

/// Ranks all test cases with the baselines and each prefix of the cascade, in chunks on several threads. Each
/// chunk writes only its own places of the outcomes, so the result does not depend on the number of threads.
class evaluation_run {
public:
  /// @param longest Length of the lists to record. All references must outlive the run.
  evaluation_run(const model_set& models, const std::vector<test_case>& cases, const baselines& simple,
                 const cascade_widths& widths, std::size_t longest);

  /// Measures all cases. Blocking. @return The first error of a chunk.
  result<void> run(std::size_t threads);

  const std::vector<ranking_outcome>& outcomes() const { return outcomes_; }

  /// Offset of each case in the scores of every outcome.
  const std::vector<std::size_t>& offsets() const { return offsets_; }

  /// For each case, the number of test items among the candidates, and among those that one source alone
  /// would give.
  struct hit_counts {
    std::size_t candidates = 0, lightgcn = 0, transitions = 0;
  };
  const std::vector<hit_counts>& hits() const { return hits_; }

private:
  using stage = std::vector<result<ranked_list>> (*)(const model_set&, gsl::span<const ranking_task>,
                                                     std::size_t, cascade_scratch&);

  std::size_t add(const char* name);
  /// Measures one chunk: the cases from `first` up to `last`.
  result<void> measure(std::size_t first, std::size_t last);
  void measure_baselines(std::size_t at, baselines::scratch& work);
  void measure_transitions(std::size_t at, transition_scratch& work);
  /// Measures a ranker on the lists of the previous stage and replaces them with its own.
  result<void> measure_ranker(std::size_t ranking, stage rank, std::size_t first,
                              std::vector<ranked_list>& lists, std::vector<ranked_list>& probes,
                              cascade_scratch& work);
  /// The stage's lists of the cases from `first` on; keeps all items.
  result<std::vector<ranked_list>> ranked(stage rank, std::size_t first,
                                          const std::vector<ranked_list>& lists, cascade_scratch& work) const;
  void note_list(std::size_t ranking, std::size_t at, const std::vector<scored_item>& list);
  /// @param score Gives the score of a catalogue item.
  template<class Score>
  void note_scores(std::size_t ranking, std::size_t at, Score score);
  void note_probes(std::size_t ranking, std::size_t at, const ranked_list& probes);

  const model_set& models_;
  const std::vector<test_case>& cases_;
  const baselines& simple_;
  cascade_widths widths_;
  std::size_t longest_;
  std::size_t scored_ = 0;
  std::vector<std::size_t> offsets_;
  std::vector<hit_counts> hits_;
  std::vector<ranking_outcome> outcomes_; ///< Its size is fixed before the first chunk runs.
  std::size_t popularity_ = 0, cosine_ = 0, baseline_transitions_ = 0, lightgcn_ = 0, merged_ = 0, din_ = 0,
              ranknet_ = 0;
};

} // namespace winnow
