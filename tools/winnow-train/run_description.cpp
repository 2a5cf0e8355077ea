#include "tools/winnow-train/run_description.hpp"

#include "config/version.hpp"
#include "models/evaluation/seen_items.hpp"
#include "models/ranking/stage_features.hpp"

namespace winnow {

using nlohmann::ordered_json;

namespace {

/// What a training left out, without the parts that are unknown.
ordered_json record_json(const training_record& record) {
  ordered_json json = {{"split", record.split}};
  if (record.min_rating)
    json["min_rating"] = *record.min_rating;
  if (record.until)
    json["until"] = *record.until;
  if (record.seed)
    json["holdout_seed"] = *record.seed;
  if (!record.ties.empty())
    json["ties"] = record.ties;
  return json;
}

} // namespace

void run_description::keep_stages_before(training_stage stage, ordered_json earlier) {
  const bool keeps_din = stage == training_stage::ranknet;
  json_ = std::move(earlier);
  std::vector<std::string> stale = {"metrics", "files", "drift", "continued"};
  if (!keeps_din)
    stale.insert(stale.end(), {"din", "ranknet", "item_metadata"});
  for (const auto& part : stale)
    json_.erase(part);
  auto& parameters = json_["hyper_parameters"];
  if (!parameters.is_object())
    parameters = ordered_json::object();
  parameters.erase("ranknet");
  if (!keeps_din)
    parameters.erase("din");
}

void run_description::set_run(const train_options& options, const training_data& data,
                              const std::vector<training_record>& earlier) {
  const auto& split = data.split;
  json_["format"] = 1;
  json_["program"] = "winnow-train " + std::string(version());
  json_["split"] = data.how;
  json_["data"] = {{"source", data.source},
                   {"digest", data.digest},
                   {"users", split.users.size()},
                   {"items", split.items.size()},
                   {"training_interactions", split.train.size()}};
  json_["seed"] = options.seed;
  json_["training"] = {{"min_rating", options.reading.least_rating},
                       {"until", options.until},
                       {"holdout_seed", options.seed},
                       {"ties", to_string(options.reading.ties)}};
  for (const auto& one : earlier)
    json_["training"]["earlier"].push_back(record_json(one));
  json_["cascade"] = {{"candidates", options.widths.candidates},
                      {"din_keep", options.widths.din_keep},
                      {"ranknet_keep", options.widths.ranknet_keep}};
}

void run_description::set_item_metadata(const std::string& text) {
  json_["item_metadata"] = text;
}

void run_description::set_transitions(const transition_result& trained, std::size_t candidates) {
  json_["transitions"] = {{"history_decay", trained.scoring.history_decay},
                          {"history_length", trained.scoring.history_length},
                          {"popularity_exponent", trained.scoring.popularity_exponent},
                          {"gap_decay", trained.rules.gap_decay},
                          {"backward", trained.rules.backward},
                          {"reach", trained.rules.reach},
                          {"candidates", candidates}};
  set_hyper_parameters("transitions", {{"most_successors", trained.rules.most_successors},
                                       {"validation_ndcg", trained.best_ndcg}});
}

void run_description::set_item_columns(const std::vector<std::string>& columns) {
  json_["din"]["columns"] = columns;
  auto of_ranknet = columns;
  for (const auto feature :
       {stage_feature::lightgcn_score, stage_feature::din_logit, stage_feature::log_popularity,
        stage_feature::history_cosine, stage_feature::recent_cosine, stage_feature::recall_rank,
        stage_feature::din_rank, stage_feature::last_cosine, stage_feature::last_popularity,
        stage_feature::history_length})
    of_ranknet.emplace_back(to_string(feature));
  if (json_.contains("transitions"))
    for (const auto feature :
         {stage_feature::transition_score, stage_feature::transition_rank, stage_feature::fading_cosine,
          stage_feature::transition_log_score, stage_feature::last_transition})
      of_ranknet.emplace_back(to_string(feature));
  if (json_.contains("recent_counts"))
    of_ranknet.emplace_back(to_string(stage_feature::popularity_trend));
  json_["ranknet"]["columns"] = of_ranknet;
}

void run_description::drop_ranknet_item_columns() {
  auto stage_features = ordered_json::array();
  for (const auto& name : json_["ranknet"]["columns"])
    if (stage_feature_named(name.get<std::string>()))
      stage_features.push_back(name);
  json_["ranknet"]["columns"] = std::move(stage_features);
}

std::vector<std::string> run_description::ranknet_columns() const {
  return json_.at("ranknet").at("columns").get<std::vector<std::string>>();
}

void run_description::append_din_columns(const std::vector<std::string>& columns) {
  for (const auto& name : columns)
    json_["din"]["columns"].push_back(name);
}

void run_description::set_hyper_parameters(const std::string& stage, ordered_json parameters) {
  json_["hyper_parameters"][stage] = std::move(parameters);
}

void run_description::set_drift(const std::vector<reference_histogram>& histograms) {
  auto all = ordered_json::object();
  for (const auto& one : histograms)
    all[one.name] = {{"bounds", one.bounds}, {"shares", one.shares}};
  json_["drift"] = std::move(all);
}

void run_description::set_metrics(ordered_json rankings) {
  json_["metrics"] = std::move(rankings);
}

void run_description::set_files(ordered_json digests) {
  json_["files"] = std::move(digests);
}

} // namespace winnow
