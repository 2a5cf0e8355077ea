#include "tools/winnow-train/training_data.hpp"

#include "models/files/file_digest.hpp"
#include "models/files/part_files.hpp"
#include "models/training/interactions/interaction_reader.hpp"
#include "models/training/interactions/time_cut.hpp"
#include "tools/winnow-train/store_histories.hpp"

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

/// A log of interactions, before it is split.
struct unsplit_data {
  interaction_log log;
  std::string source;
  std::vector<std::string> notes;
};

result<unsplit_data> read_store(const train_options& options) {
  const auto where = store_to_read(options.from_store);
  if (!where)
    return tl::unexpected(where.error());
  auto read = read_store_histories(*where, options.reading.strict);
  if (!read)
    return tl::unexpected(read.error());
  return unsplit_data{std::move(read->log), std::move(read->source), std::move(read->notes)};
}

result<unsplit_data> read_file(const train_options& options) {
  row_report report;
  auto log = read_interactions(options.interactions, options.reading, report);
  if (!log)
    return tl::unexpected(log.error());
  return unsplit_data{std::move(*log), options.interactions, report.lines(options.interactions)};
}

/// Reads interactions that this program splits itself. @param events Receives them if they have real times.
result<training_data> read_and_split(const train_options& options, std::vector<interaction>& events) {
  auto read = options.from_store.empty() ? read_file(options) : read_store(options);
  if (!read)
    return tl::unexpected(read.error());
  auto& log = read->log;
  if (options.until < 1) {
    // Lists say which item was taken after which, but not when.
    if (!log.orders_users || log.events.empty() || !options.from_store.empty())
      return fail(fault::malformed, read->source + ": --until: expected interactions with times");
    log = first_until(log, time_after(log, options.until));
  }
  if (log.orders_users)
    events = log.events;
  training_data data{split_by(std::move(log), options.held_back, options.seed),
                     std::nullopt,
                     std::move(read->source),
                     "",
                     "",
                     to_string(options.held_back),
                     std::move(read->notes)};
  if (const auto beside = features_beside(options.interactions); beside && options.from_store.empty()) {
    if (const auto files = part_files_of(*beside, file_kinds::regular); !files)
      return tl::unexpected(files.error());
    data.items = beside->string();
  }
  return data;
}

result<training_data> read_given_split(const train_options& options) {
  row_report report;
  auto split = read_split(options.split, options.reading, report);
  if (!split)
    return tl::unexpected(split.error());
  return training_data{std::move(*split),          std::nullopt, options.split, "", "", "given",
                       report.lines(options.split)};
}

/// Without validation items, RankNet would have nothing to learn from, and LightGCN nothing that ends its
/// training.
void hold_out_validation_items(training_data& data, const train_options& options) {
  constexpr std::size_t enough_users = 5000;
  if (options.stage != training_stage::lightgcn) {
    hold_out_last(data.split);
    data.notes.push_back(
        "there are no validation items: each user's last training item is held back for RankNet");
  } else if (!options.given.epochs && options.lightgcn.model.loss == pair_loss::softmax) {
    hold_out_some(data.split, enough_users, options.seed);
    data.compares_l2 = false; // the default fits the data, and a comparison takes as long as the training
    data.notes.push_back("there are no validation items: one training item each of " +
                         std::to_string(data.split.valid.size()) +
                         " users is held back to see when to stop; --epochs trains on all");
  }
}

/// Refuses data from which a ranker cannot learn, before the hours that the stages before it take.
result<void> check_rankers_can_learn(const training_data& data, training_stage stage) {
  const auto& train = data.split.train;
  const auto refuse = [&data](const char* ranker, const char* wanted) {
    return fail(fault::malformed, data.source + ": expected " + wanted + ", for " + ranker +
                                      " to learn from, got none; --stage lightgcn needs none");
  };
  bool any_sequence = false, any_validation = false;
  for (std::size_t user = 0; user < train.users(); ++user) {
    any_sequence = any_sequence || train.of(user).size() > 1;
    any_validation = any_validation || (train.of(user).size() > 0 && data.split.valid.of(user).size() > 0);
  }
  if ((stage == training_stage::all || stage == training_stage::din) && !any_sequence)
    return refuse("DIN", "a user with two training items");
  if ((stage == training_stage::all || stage == training_stage::ranknet) && !any_validation)
    return refuse("RankNet", "a user with a validation item and one to train on");
  return {};
}

} // namespace

result<training_data> read_training_data(const train_options& options) {
  std::vector<interaction> events; // with times
  auto read = options.split.empty() ? read_and_split(options, events) : read_given_split(options);
  if (!read)
    return read;
  auto& data = *read;
  if (!options.items.empty())
    data.items = options.items;
  if (data.split.train.size() == 0)
    return fail(fault::malformed, data.source + ": expected interactions to train on, got none");
  if (data.split.valid.size() == 0)
    hold_out_validation_items(data, options);
  if (auto enough = check_rankers_can_learn(data, options.stage); !enough)
    return tl::unexpected(enough.error());
  if (!events.empty())
    data.order = order_of(events, data.split);
  data.digest = digest_of(data.split);
  return read;
}

namespace {

void append_aligned(const interaction_split& split, const item_lists& lists, const model_set& models,
                    std::vector<interaction>& pairs) {
  for (std::size_t user = 0; user < lists.users(); ++user)
    for (const auto item : lists.of(user)) {
      const auto row = models.users->find(split.users[user]);
      const auto column = models.items.find(split.items[item]);
      if (row && column)
        pairs.push_back({*row, *column, 0});
    }
}

} // namespace

item_lists align(const interaction_split& split, const item_lists& lists, const model_set& models) {
  std::vector<interaction> pairs;
  append_aligned(split, lists, models, pairs);
  return item_lists::group(models.users->size(), pairs);
}

item_lists whole_histories(const interaction_split& split, const model_set& models) {
  std::vector<interaction> pairs;
  for (const auto* lists : {&split.train, &split.valid, &split.test})
    append_aligned(split, *lists, models, pairs);
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
