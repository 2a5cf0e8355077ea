#include "tools/winnow-train/hyper_parameters.hpp"

namespace winnow {

nlohmann::ordered_json hyper_parameters_of(const lightgcn_fit_options& options,
                                           const interaction_split& data) {
  const auto model = with_defaults(options.model, data.train, data.items.size());
  return {{"width", *model.width},
          {"layers", model.layers},
          {"loss", model.loss == pair_loss::bpr ? "bpr" : "softmax"},
          {"learning_rate", *model.learning_rate},
          {"l2", *model.l2},
          {"batch", *model.batch},
          {"recall_at", options.recall_at},
          {"measure_every", options.look_every(data.train)},
          {"patience", options.patience}};
}

nlohmann::ordered_json hyper_parameters_of(const din_fit_options& options) {
  return {{"embedding_width", options.shape.embedding_width},
          {"channels", options.shape.channels},
          {"hidden", options.shape.hidden},
          {"dropout", options.shape.dropout},
          {"id_width", options.shape.id_width},
          {"epochs", options.epochs},
          {"batch", options.batch},
          {"random_negatives", options.random_negatives},
          {"hard_negatives", options.hard_negatives},
          {"learning_rate", options.adam.learning_rate},
          {"weight_decay", options.adam.weight_decay}};
}

nlohmann::ordered_json hyper_parameters_of(const ranknet_fit_options& options, std::size_t users) {
  return {{"embedding_width", options.shape.embedding_width},
          {"hidden", options.shape.hidden},
          {"dropout", options.shape.dropout},
          {"epochs", options.epochs},
          {"batch", options.batch},
          {"negatives", options.negatives},
          {"users", users},
          {"learning_rate", options.adam.learning_rate},
          {"weight_decay", options.adam.weight_decay}};
}

} // namespace winnow
