#include "tools/winnow-train/training_data.hpp"

#include "models/files/file_digest.hpp"
#include "models/training/interactions/interaction_reader.hpp"
#include "models/training/interactions/time_cut.hpp"

namespace winnow {

namespace {

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

} // namespace

result<training_data> read_training_data(const train_options& options) {
  training_data data;
  std::vector<interaction> events; // with times
  row_report report;
  if (!options.split.empty()) {
    auto split = read_split(options.split, options.reading, report);
    if (!split)
      return tl::unexpected(split.error());
    data = {std::move(*split), std::nullopt, options.split, "", "", "given", {}};
  } else {
    auto log = read_interactions(options.interactions, options.reading, report);
    if (!log)
      return tl::unexpected(log.error());
    if (options.until < 1) {
      if (!log->has_times || log->events.empty())
        return fail(fault::malformed, options.interactions + ": --until: expected interactions with times");
      log = first_until(*log, time_after(*log, options.until));
    }
    if (log->orders_users)
      events = log->events;
    data = {split_by(std::move(*log), options.held_back, options.seed),
            std::nullopt,
            options.interactions,
            "",
            "",
            to_string(options.held_back),
            {}};
    if (const auto beside = features_beside(options.interactions))
      data.items = beside->string();
  }
  if (!options.items.empty())
    data.items = options.items;
  data.notes = report.lines(data.source);
  if (data.split.train.size() == 0)
    return fail(fault::malformed, data.source + ": expected interactions to train on, got none");
  const bool ranks = options.stage != training_stage::lightgcn;
  if (ranks && data.split.valid.size() == 0) {
    hold_out_last(data.split);
    data.notes.push_back(
        "there are no validation items: each user's last training item is held back for RankNet");
  }
  if (!events.empty())
    data.order = order_of(events, data.split);
  data.digest = digest_of(data.split);
  return data;
}

item_lists align(const interaction_split& split, const item_lists& lists, const model_set& models) {
  std::vector<interaction> pairs;
  for (std::size_t user = 0; user < lists.users(); ++user)
    for (const auto item : lists.of(user)) {
      const auto row = models.users->find(split.users[user]);
      const auto column = models.items.find(split.items[item]);
      if (row && column)
        pairs.push_back({*row, *column, 0});
    }
  return item_lists::group(models.users->size(), pairs);
}

event_order align(const interaction_split& split, const event_order& order, const model_set& models) {
  event_order known;
  std::vector<std::size_t> kept_before = {0}; // by number of events: those that are kept
  for (const auto event : order.items) {
    if (const auto item = models.items.find(split.items[event]))
      known.items.push_back(*item);
    kept_before.push_back(known.items.size());
  }
  known.before_held_back.assign(models.users->size(), 0);
  for (std::size_t user = 0; user < split.users.size(); ++user)
    if (const auto row = models.users->find(split.users[user]))
      known.before_held_back[*row] = kept_before[order.before_held_back[user]];
  return known;
}

} // namespace winnow
