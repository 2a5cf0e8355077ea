#include "models/training/interactions/interaction_split.hpp"

#include "models/training/support/random.hpp"

#include <algorithm>
#include <numeric>

namespace winnow {

namespace {

enum class part : std::uint8_t { train, valid, test };

/// Assigns each user's items to the parts of the split. `deal` sets the part of each item of a user; all
/// begin as `train`.
template<class Function>
void deal_out(interaction_split& split, gsl::span<const interaction> events, Function deal) {
  const auto users = split.users.size();
  const auto all = item_lists::group(users, events);
  std::vector<interaction> parts[3];
  std::vector<part> dealt;
  for (std::size_t user = 0; user < users; ++user) {
    const auto items = all.of(user);
    dealt.assign(items.size(), part::train);
    deal(gsl::span<part>(dealt));
    for (std::size_t i = 0; i < items.size(); ++i)
      parts[static_cast<std::size_t>(dealt[i])].push_back({static_cast<std::uint32_t>(user), items[i], 0});
  }
  split.train = item_lists::group(users, parts[0]);
  split.valid = item_lists::group(users, parts[1]);
  split.test = item_lists::group(users, parts[2]);
}

/// A share of a count, rounded down. Tolerates the rounding of `share`, so 0.29 of 100 is 29.
std::size_t share_of(std::size_t count, double share) {
  return std::min(count, static_cast<std::size_t>(static_cast<double>(count) * share + 1e-9));
}

} // namespace

std::vector<std::uint32_t> interaction_split::known_before_test(std::size_t user) const {
  const auto before = train.of(user);
  std::vector<std::uint32_t> known(before.begin(), before.end());
  if (user < valid.users())
    known.insert(known.end(), valid.of(user).begin(), valid.of(user).end());
  return known;
}

interaction_split leave_one_out(interaction_log log) {
  interaction_split split;
  split.users = std::move(log.users);
  split.items = std::move(log.items);
  split.has_times = log.has_times;
  deal_out(split, log.events, [](gsl::span<part> items) {
    if (items.size() < 3)
      return;
    items[items.size() - 1] = part::test;
    items[items.size() - 2] = part::valid;
  });
  return split;
}

interaction_split ratio_split(const interaction_log& log, double valid, double test, std::uint64_t seed) {
  interaction_split split;
  split.users = log.users;
  split.items = log.items;
  split.has_times = log.has_times;
  random_source random(seed);
  std::vector<std::size_t> order;
  deal_out(split, log.events, [&](gsl::span<part> items) {
    order.resize(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    if (!log.has_times)
      for (std::size_t left = order.size(); left > 1; --left)
        std::swap(order[left - 1], order[random.below(left)]);
    const auto tests = share_of(items.size(), test);
    const auto valids = std::min(share_of(items.size(), valid), items.size() - tests);
    for (std::size_t i = 0; i < tests + valids; ++i)
      items[order[order.size() - 1 - i]] = i < tests ? part::test : part::valid;
  });
  return split;
}

} // namespace winnow
