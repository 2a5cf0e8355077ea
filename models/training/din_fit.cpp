#include "models/training/din_fit.hpp"

#include "models/training/epoch_plan.hpp"
#include "models/training/support/untaken_items.hpp"
#include "models/training/training_candidates.hpp"

#include <algorithm>

namespace winnow {

namespace {

/// A training event: the item at `position` of the user's sequence, given the items before it.
struct event {
  std::uint32_t user, position;
};

/// Draws DIN's training groups.
class group_sampler {
public:
  group_sampler(const model_set& models, const item_lists& train, const din_fit_options& options,
                thread_team& team)
      : train_(train), options_(options), items_(models.items.size()), hard_(train.users()) {
    for (std::uint32_t user = 0; user < train.users(); ++user) {
      const auto items = train.of(user);
      taken_.emplace_back(items.begin(), items.end());
      std::sort(taken_.back().begin(), taken_.back().end());
      if (taken_.back().size() >= items_)
        continue; // no item is left that the user did not take
      for (std::uint32_t position = 1; position < items.size(); ++position)
        events_.push_back({user, position});
    }
    if (options.start)
      keep_some(*options.start);
    std::vector<std::uint32_t> users;
    for (const auto& one : events_)
      if ((users.empty() || users.back() != one.user) && users.size() < options.users_with_hard)
        users.push_back(one.user);
    if (options.hard_negatives == 0)
      return;
    const auto lists = candidates_for(models, train, users, options.candidates, team);
    for (std::size_t i = 0; i < users.size(); ++i)
      for (const auto& entry : lists[i].items)
        hard_[users[i]].push_back(entry.item);
  }

  std::size_t events() const { return events_.size(); }

  void shuffle(random_source& random) { order_ = shuffled_order(events_.size(), random); }

  /// Draws the groups of `count` events from `first` on. The result is valid until the next call.
  gsl::span<const ranking_group> draw(std::size_t first, std::size_t count, random_source& random) {
    const auto size = 1 + options_.random_negatives + options_.hard_negatives;
    candidates_.clear();
    candidates_.reserve(count * size); // the groups point into it
    groups_.clear();
    for (auto i = first; i < first + count; ++i) {
      const auto& [user, position] = events_[order_[i]];
      const auto sequence = train_.of(user);
      const auto begin = candidates_.size();
      candidates_.push_back(sequence[position]);
      for (std::size_t k = 0; k < options_.random_negatives; ++k)
        candidates_.push_back(not_taken(user, random));
      for (std::size_t k = 0; k < options_.hard_negatives; ++k)
        candidates_.push_back(hard_[user].empty() ? not_taken(user, random)
                                                  : hard_[user][random.below(hard_[user].size())]);
      const auto length = std::min<std::size_t>(position, din_model::history_limit);
      groups_.push_back({sequence.subspan(position - length, length), {candidates_.data() + begin, size}});
    }
    return groups_;
  }

private:
  /// Keeps the events that are new since an earlier training, and some of the others, so that they are not
  /// forgotten.
  void keep_some(const din_start& start) {
    const auto is_new = [&](const event& one) {
      return one.user >= start.first_new.size() || one.position >= start.first_new[one.user];
    };
    const auto old = static_cast<std::size_t>(
        std::count_if(events_.begin(), events_.end(), [&](const event& one) { return !is_new(one); }));
    const auto least = static_cast<std::size_t>(start.old_share * static_cast<double>(events_.size()));
    const auto wanted = std::min(old, std::max(events_.size() - old, least));
    auto random = stream_of(options_.seed + 4, 0);
    auto chosen = shuffled_order(old, random);
    std::vector<bool> repeated(old, false);
    for (std::size_t i = 0; i < wanted; ++i)
      repeated[chosen[i]] = true;
    std::size_t seen = 0;
    events_.erase(std::remove_if(events_.begin(), events_.end(),
                                 [&](const event& one) { return !is_new(one) && !repeated[seen++]; }),
                  events_.end());
  }

  std::uint32_t not_taken(std::uint32_t user, random_source& random) const {
    return draw_untaken(taken_[user], items_, random);
  }

  const item_lists& train_;
  const din_fit_options& options_;
  std::size_t items_;
  std::vector<std::vector<std::uint32_t>> taken_, hard_; ///< By user; taken items ascending.
  std::vector<event> events_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> candidates_;
  std::vector<ranking_group> groups_;
};

state_to_keep state_of(din_network& network, std::size_t epochs) {
  state_to_keep state;
  state.counters = {{"epochs", epochs}, {"steps", network.steps()}};
  const auto parameters = network.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto name = std::to_string(i);
    state.arrays[name + ".value"] = parameters[i]->value;
    state.arrays[name + ".first"] = parameters[i]->first;
    state.arrays[name + ".second"] = parameters[i]->second;
  }
  return state;
}

result<std::size_t> restore(training_state& state, din_network& network) {
  const auto parameters = network.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto name = std::to_string(i);
    for (const auto& [part, into] : {std::pair{".value", &parameters[i]->value},
                                     {".first", &parameters[i]->first},
                                     {".second", &parameters[i]->second}}) {
      auto& saved = state.arrays[name + part];
      if (saved.size() != into->size())
        return fail(fault::malformed, "training state: expected " + std::to_string(into->size()) +
                                          " numbers in " + name + part + ", got " +
                                          std::to_string(saved.size()));
      *into = std::move(saved);
    }
  }
  network.restore_steps(state.counters["steps"]);
  return state.counters["epochs"];
}

} // namespace

result<std::optional<din_result>> fit_din(const model_set& models, const item_lists& train,
                                          std::size_t embedding_columns, const din_fit_options& options,
                                          thread_team& team, training_observer& observer,
                                          state_keeper& keeper) {
  const auto& features = *models.din_features;
  din_network network(features, scale_of_columns(features, embedding_columns), models.items.size(),
                      options.shape, options.seed, team);
  if (options.start)
    if (auto begun = network.start_from(options.start->weights, options.start->id_vectors); !begun)
      return tl::unexpected(begun.error());
  group_sampler sampler(models, train, options, team);
  if (sampler.events() == 0)
    return fail(fault::malformed, "DIN: expected at least one user with two training items");
  std::size_t done = 0;
  auto kept = keeper.load();
  if (!kept)
    return tl::unexpected(kept.error());
  if (*kept) {
    const auto epochs = restore(**kept, network);
    if (!epochs)
      return tl::unexpected(epochs.error());
    done = *epochs;
    observer.note("DIN continues after epoch " + std::to_string(done));
  }

  observer.begin_stage("DIN", options.epochs);
  double loss = 0;
  auto epochs = options.epochs;
  while (done < epochs) {
    const auto begun = time_limit::clock::now();
    auto random = stream_of(options.seed + 1, done);
    sampler.shuffle(random);
    network.begin_epoch(done);
    const auto adam = adam_of_epoch(options.adam, done, epochs);
    loss = 0;
    for (std::size_t first = 0; first < sampler.events(); first += options.batch) {
      const auto count = std::min(options.batch, sampler.events() - first);
      loss += network.step(sampler.draw(first, count, random), adam) * static_cast<double>(count);
      if (!observer.step(done + 1, first + count, sampler.events()))
        return std::nullopt;
    }
    loss /= static_cast<double>(sampler.events());
    observer.end_epoch(++done, loss, "");
    epochs = done + std::min(epochs - done, options.limit.fits(time_limit::clock::now() - begun));
    if (auto written =
            keeper.keep([&] { return state_of(network, done); }, done == epochs || observer.wants_state());
        !written)
      return tl::unexpected(written.error());
    if (observer.wants_state() && done < epochs)
      return std::nullopt;
  }
  observer.end_stage(std::to_string(done) + " epochs, " + std::to_string(sampler.events()) + " events each");
  const auto& ids = network.id_vectors().value;
  return din_result{network.tensors(), {ids.begin(), ids.end()}, done};
}

} // namespace winnow
