#include "models/training/interactions/holdout.hpp"

#include "config/text/starts_with.hpp"
#include "models/training/support/random.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

namespace winnow {

namespace {

constexpr std::string_view ratio_prefix = "ratio:";

/// Parses a share from 0 to below 1 at the beginning of `text` and removes it from `text`.
bool take_share(std::string_view& text, double& share) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), share);
  if (failed != std::errc() || !(share >= 0 && share < 1))
    return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool read_shares(std::string_view text, holdout& into) {
  if (!take_share(text, into.valid) || text.empty() || text.front() != ',')
    return false;
  text.remove_prefix(1);
  return take_share(text, into.test) && text.empty() && into.valid + into.test > 0 &&
         into.valid + into.test < 1;
}

/// The shortest text that parses to the same number.
std::string shortest(double share) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, share).ptr};
}

std::vector<interaction> pairs_of(const item_lists& lists) {
  std::vector<interaction> pairs;
  for (std::uint32_t user = 0; user < lists.users(); ++user)
    for (const auto item : lists.of(user))
      pairs.push_back({user, item, 0});
  return pairs;
}

/// The test items become the validation items; the previous validation items return to training.
void give_back_test(interaction_split& split) {
  auto train = pairs_of(split.train);
  const auto valid = pairs_of(split.valid);
  train.insert(train.end(), valid.begin(), valid.end()); // group() keeps them after the user's training items
  split.train = item_lists::group(split.users.size(), train);
  split.valid = std::move(split.test);
  split.test = item_lists(split.users.size());
}

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max(); // no item

std::vector<std::uint32_t> users_with_two_items(const interaction_split& split) {
  std::vector<std::uint32_t> users;
  for (std::uint32_t user = 0; user < split.train.users(); ++user)
    if (split.train.of(user).size() > 1)
      users.push_back(user);
  return users;
}

/// @param items By user.
void move_to_validation(interaction_split& split, const std::vector<std::uint32_t>& items) {
  std::vector<interaction> train, valid;
  for (const auto& pair : pairs_of(split.train))
    (pair.item == items[pair.user] ? valid : train).push_back(pair);
  split.train = item_lists::group(split.users.size(), train);
  split.valid = item_lists::group(split.users.size(), valid);
}

} // namespace

result<holdout> parse_holdout(std::string_view text) {
  if (text == "loo" || text == "leave_one_out")
    return holdout{};
  if (text == "valid" || text == "none")
    return holdout{holdout::kind::validation, 0, 0};
  holdout shares{holdout::kind::ratio, 0, 0};
  if (starts_with(text, ratio_prefix) && read_shares(text.substr(ratio_prefix.size()), shares))
    return shares;
  return fail(fault::invalid_argument,
              "expected loo, valid or ratio:VALID,TEST with shares that leave items for training, got \"" +
                  std::string(text) + "\"");
}

std::string to_string(const holdout& rule) {
  switch (rule.how) {
  case holdout::kind::leave_one_out:
    return "leave_one_out";
  case holdout::kind::validation:
    return "none";
  case holdout::kind::ratio:
    break;
  }
  return std::string(ratio_prefix) + shortest(rule.valid) + "," + shortest(rule.test);
}

void hold_out_last(interaction_split& split) {
  std::vector<std::uint32_t> last(split.train.users(), none);
  for (const auto user : users_with_two_items(split))
    last[user] = split.train.of(user).back();
  move_to_validation(split, last);
}

void hold_out_some(interaction_split& split, std::size_t most, std::uint64_t seed) {
  const auto able = users_with_two_items(split);
  const auto count = std::min(most, able.size());
  std::vector<std::uint32_t> drawn(split.train.users(), none);
  random_source random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    const auto user = able[i * able.size() / count];
    const auto items = split.train.of(user);
    drawn[user] = items[random.below(static_cast<std::uint32_t>(items.size()))];
  }
  move_to_validation(split, drawn);
}

interaction_split split_by(interaction_log log, const holdout& rule, std::uint64_t seed) {
  if (rule.how == holdout::kind::ratio)
    return ratio_split(log, rule.valid, rule.test, seed);
  auto split = leave_one_out(std::move(log));
  if (rule.how == holdout::kind::validation)
    give_back_test(split);
  return split;
}

} // namespace winnow
