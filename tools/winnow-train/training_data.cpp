#include "tools/winnow-train/training_data.hpp"

#include "models/file_digest.hpp"
#include "models/training/interaction_reader.hpp"

namespace winnow {

namespace {

std::vector<interaction> pairs_of(const item_lists& lists) {
  std::vector<interaction> pairs;
  for (std::uint32_t user = 0; user < lists.users(); ++user)
    for (const auto item : lists.of(user))
      pairs.push_back({user, item, 0});
  return pairs;
}

/// Each user's last training item becomes his validation item, if he has another.
void hold_out_last(interaction_split& split) {
  std::vector<interaction> train, valid;
  for (const auto& pair : pairs_of(split.train)) {
    auto& into =
        split.train.of(pair.user).size() > 1 && pair.item == split.train.of(pair.user).back() ? valid : train;
    into.push_back(pair);
  }
  split.train = item_lists::group(split.users.size(), train);
  split.valid = item_lists::group(split.users.size(), valid);
}

/// What was held back to measure is learned from again.
void give_back_test(interaction_split& split) {
  auto train = pairs_of(split.train);
  const auto valid = pairs_of(split.valid);
  train.insert(train.end(), valid.begin(), valid.end()); // of a user they come after those of training
  split.train = item_lists::group(split.users.size(), train);
  split.valid = std::move(split.test);
  split.test = item_lists(split.users.size());
}

std::string digest_of(const interaction_split& split) {
  file_digest digest;
  for (const auto* ids : {&split.users, &split.items})
    for (std::size_t i = 0; i < ids->size(); ++i) {
      digest.add_bytes((*ids)[i]);
      digest.add_bytes("\n");
    }
  const auto add = [&](const void* values, std::size_t size) {
    digest.add_bytes({static_cast<const char*>(values), size});
  };
  for (const auto* lists : {&split.train, &split.valid, &split.test})
    for (std::size_t user = 0; user < lists->users(); ++user) {
      const std::uint64_t size = lists->of(user).size();
      add(&size, sizeof size);
      add(lists->of(user).data(), size * sizeof(std::uint32_t));
    }
  return digest.hex();
}

std::vector<std::string> notes_of(const row_report& report) {
  auto notes = report.complaints;
  const auto count = [&](std::uint64_t rows, const char* what) {
    if (rows > 0)
      notes.push_back(std::to_string(rows) + " of " + std::to_string(report.rows) + " rows " + what);
  };
  count(report.refused, "could not be read and are left out");
  count(report.duplicates, "repeat a pair and count once");
  count(report.below, "have a lower rating than --min-rating and are left out");
  return notes;
}

result<interaction_split> part(interaction_log log, const train_options& options) {
  if (options.holdout.how == holdout_options::kind::ratio)
    return ratio_split(log, options.holdout.valid, options.holdout.test, options.seed);
  return leave_one_out(std::move(log));
}

} // namespace

result<training_data> read_training_data(const train_options& options) {
  training_data data;
  row_report report;
  if (!options.split.empty()) {
    auto split = read_split(options.split, options.reading, report);
    if (!split)
      return tl::unexpected(split.error());
    data = {std::move(*split), options.split, "", "", "given", {}};
  } else {
    auto log = read_interactions(options.interactions, options.reading, report);
    if (!log)
      return tl::unexpected(log.error());
    auto split = part(std::move(*log), options);
    if (!split)
      return tl::unexpected(split.error());
    const bool by_share = options.holdout.how == holdout_options::kind::ratio;
    data = {std::move(*split),
            options.interactions,
            "",
            "",
            by_share ? options.holdout.text : "leave_one_out",
            {}};
    if (const auto beside = features_beside(options.interactions))
      data.items = beside->string();
    if (options.holdout.how == holdout_options::kind::validation) {
      give_back_test(data.split);
      data.how = "none";
    }
  }
  if (!options.items.empty())
    data.items = options.items;
  data.notes = notes_of(report);
  if (data.split.train.size() == 0)
    return fail(fault::malformed, data.source + ": expected interactions to learn from, got none");
  const bool ranks = options.stage != training_stage::lightgcn;
  if (ranks && data.split.valid.size() == 0) {
    hold_out_last(data.split);
    data.notes.push_back(
        "there are no validation items: each user's last training item is held back for RankNet");
  }
  data.digest = digest_of(data.split);
  return data;
}

} // namespace winnow
