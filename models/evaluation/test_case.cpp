#include "models/evaluation/test_case.hpp"

#include "models/training/support/untaken_items.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

namespace winnow {

namespace {

/// The catalogue index of each of the split's items.
std::vector<std::uint32_t> catalogue_indices(const model_set& models, const interaction_split& split) {
  std::vector<std::uint32_t> indices;
  indices.reserve(split.items.size());
  for (std::size_t item = 0; item < split.items.size(); ++item)
    indices.push_back(models.items.find(split.items[item]).value_or(unknown_item));
  return indices;
}

std::vector<std::uint32_t> wanted_items(gsl::span<const std::uint32_t> test,
                                        const std::vector<std::uint32_t>& indices) {
  std::vector<std::uint32_t> wanted;
  for (const auto item : test)
    if (indices[item] != unknown_item)
      wanted.push_back(indices[item]);
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

std::vector<std::uint32_t> draw_negatives(const test_case& of, std::size_t items, random_source random) {
  std::vector<std::uint32_t> negatives;
  if (of.user.excluded.size() + of.wanted.size() >= items)
    return negatives;
  std::vector<std::uint32_t> taken;
  std::set_union(of.wanted.begin(), of.wanted.end(), of.user.excluded.begin(), of.user.excluded.end(),
                 std::back_inserter(taken));
  while (negatives.size() < of.wanted.size())
    negatives.push_back(draw_untaken(taken, items, random));
  return negatives;
}

} // namespace

std::vector<test_case> test_cases(const model_set& models, const interaction_split& split, std::uint64_t seed,
                                  std::size_t most) {
  const auto indices = catalogue_indices(models, split);
  std::vector<test_case> cases;
  std::vector<std::string> profile;
  random_source seeds(seed);
  std::uint64_t user_seed = 0;
  std::size_t seeded = 0;
  for (const auto user : split.test.users_with_items(most)) {
    for (; seeded <= user; ++seeded)
      user_seed = seeds.bits();
    const auto test = split.test.of(user);
    profile.clear();
    for (const auto item : split.known_before_test(user))
      profile.emplace_back(split.items[item]);
    test_case one;
    one.user = resolve_user(models, split.users[user], profile);
    one.wanted = wanted_items(test, indices);
    one.wanted_count = test.size();
    one.negatives = draw_negatives(one, models.items.size(), random_source(user_seed));
    cases.push_back(std::move(one));
  }
  return cases;
}

ranked_list probes_of(const model_set& models, const test_case& one, const ranked_list& candidates) {
  std::vector<float> vector(models.item_embeddings.width());
  user_vector(models, one.user, vector);
  const auto scale = scale_of(candidates.items);
  ranked_list probes{candidates.source, {}};
  const auto rank_of = [&](const scored_item& probe) {
    const auto& items = candidates.items;
    const bool scored = candidates.source != list_source::popular;
    const auto place = std::find_if(items.begin(), items.end(), [&](const scored_item& entry) {
      return entry.item == probe.item || (scored && entry.score < probe.score);
    });
    return static_cast<std::uint32_t>(place - items.begin());
  };
  const auto evidence_of = [&](const scored_item& probe) -> candidate_evidence {
    const auto same = std::find_if(candidates.items.begin(), candidates.items.end(),
                                   [&](const scored_item& entry) { return entry.item == probe.item; });
    if (same != candidates.items.end() && !candidates.evidence.empty())
      return candidates.evidence[static_cast<std::size_t>(same - candidates.items.begin())];
    return {scale.standard(probe.score), 0.0f, models.transitions ? no_rank : rank_of(probe), 0.0f, no_rank};
  };
  for (const auto* part : {&one.wanted, &one.negatives})
    for (const auto item : *part) {
      probes.items.push_back({item, models.item_embeddings.dot(item, vector)});
      if (!models.stage_features.empty())
        probes.evidence.push_back(evidence_of(probes.items.back()));
    }
  return probes;
}

item_lists known_training_items(const model_set& models, const interaction_split& split) {
  const auto indices = catalogue_indices(models, split);
  std::vector<interaction> pairs;
  pairs.reserve(split.train.size());
  for (std::uint32_t user = 0; user < split.train.users(); ++user)
    for (const auto item : split.train.of(user))
      if (indices[item] != unknown_item)
        pairs.push_back({user, indices[item], 0});
  return item_lists::group(split.train.users(), pairs);
}

} // namespace winnow
