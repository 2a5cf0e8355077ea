#include "models/evaluation/seen_items.hpp"

#include <cstdio>

namespace winnow {

namespace {

std::string shown(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

/// Whether all items that one rule holds back for measuring are among those that the other one does.
bool is_within(const holdout& measured, const holdout& trained) {
  if (measured.how != trained.how)
    return false;
  return measured.how != holdout::kind::ratio || measured.test <= trained.test;
}

/// Other rows give other last items.
void add_rating(const training_record& training, double least_rating, std::vector<std::string>& why) {
  if (training.min_rating && *training.min_rating != least_rating)
    why.push_back("trained with --min-rating " + shown(*training.min_rating) + ", measured with " +
                  shown(least_rating));
}

/// What is held back of fewer interactions was trained on with more of them; not the other way round.
void add_until(const training_record& training, double until, std::vector<std::string>& why) {
  if (training.until && *training.until > until)
    why.push_back("trained with --until " + shown(*training.until) + ", measured with " + shown(until));
}

/// Another order of a user's last items gives other last items.
void add_ties(const training_record& training, tie_order ties, std::vector<std::string>& why) {
  if (!training.ties.empty() && ties_named(training.ties) != ties)
    why.push_back("trained with --ties " + training.ties + ", measured with " + to_string(ties));
}

} // namespace

tie_order ties_named(const std::string& name) {
  return name == "item" ? tie_order::item : tie_order::file;
}

std::string to_string(tie_order ties) {
  return ties == tie_order::item ? "item" : "file";
}

std::vector<std::string> why_seen(const training_record& training, const measured_items& measured) {
  std::vector<std::string> why;
  const auto& how = measured.how;
  const auto trained = parse_holdout(training.split);
  if (trained && !measures_something(*trained))
    return {"the models have seen all interactions"};
  if (training.split == "given")
    why.emplace_back("trained on a given split, which says nothing about the items that are held back here");
  else if (trained && !is_within(how, *trained))
    why.push_back("trained with --holdout " + to_string(*trained) + ", measured with " + to_string(how));
  else if (trained && how.how == holdout::kind::ratio && !measured.is_ordered && training.seed &&
           *training.seed != measured.seed)
    why.push_back("trained with the seed " + std::to_string(*training.seed) + ", measured with " +
                  std::to_string(measured.seed));
  add_rating(training, measured.least_rating, why);
  add_until(training, measured.until, why);
  if (measured.has_times)
    add_ties(training, measured.ties, why);
  return why;
}

std::vector<std::string> why_seen_in_split(const training_record& training, double least_rating) {
  std::vector<std::string> why;
  if (!training.split.empty() && training.split != "given")
    why.push_back("trained with --holdout " + training.split + ", not on a given split");
  add_rating(training, least_rating, why);
  return why;
}

std::vector<std::string> why_seen_in_replay(const training_record& training, double from,
                                            double least_rating) {
  std::vector<std::string> why;
  if (training.until && *training.until >= 1)
    why.emplace_back("trained on all interactions, without --until");
  else if (training.until && *training.until > from)
    why.push_back("trained with --until " + shown(*training.until) + ", replayed from " + shown(from));
  add_rating(training, least_rating, why);
  return why;
}

} // namespace winnow
