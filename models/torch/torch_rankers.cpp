#include "models/torch/torch_rankers.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <c10/core/InferenceMode.h>
#include <exception>
#include <map>
#include <stdexcept>

namespace winnow {

namespace {

using items = gsl::span<const std::uint32_t>;

/// The tensors of a checkpoint by name.
class weights {
public:
  explicit weights(const checkpoint& file) {
    const c10::InferenceMode inference;
    for (const auto& tensor : file.tensors()) {
      auto values = tensor.values;
      tensors_[tensor.name] = at::from_blob(values.data(), tensor.shape, at::kFloat).to(at::kDouble).clone();
    }
  }

  bool has(const std::string& name) const { return tensors_.count(name) != 0; }

  const at::Tensor& operator[](const std::string& name) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end())
      throw std::runtime_error("tensor " + name + " is missing");
    return found->second;
  }

private:
  std::map<std::string, at::Tensor> tensors_;
};

at::Tensor linear(const weights& model, const std::string& prefix, const at::Tensor& x) {
  const auto y = at::matmul(x, model[prefix + ".weight"].t());
  return model.has(prefix + ".bias") ? y + model[prefix + ".bias"] : y;
}

/// The hidden layers (each Linear, BatchNorm in evaluation mode, ReLU, inactive Dropout) and the output
/// layer.
/// @return [rows]
at::Tensor mlp(const weights& model, at::Tensor x) {
  for (int entry = 0; model.has("mlp." + std::to_string(entry) + ".weight"); entry += 4) {
    const std::string norm = "mlp." + std::to_string(entry + 1);
    x = linear(model, "mlp." + std::to_string(entry), x);
    x = at::batch_norm(x, model[norm + ".weight"], model[norm + ".bias"], model[norm + ".running_mean"],
                       model[norm + ".running_var"], false, 0.1, 1e-5, false);
    x = at::relu(x);
  }
  return linear(model, "output_layer", x).squeeze(-1);
}

/// The features of items, one row per item; unknown items have zeros. @return [items, features]
at::Tensor rows_of(const feature_rows& features, items wanted) {
  const auto width = static_cast<std::int64_t>(features.width);
  auto rows = at::zeros({static_cast<std::int64_t>(wanted.size()), width}, at::kFloat);
  auto* to = rows.data_ptr<float>();
  for (const auto item : wanted) {
    if (item != unknown_item)
      std::copy_n(features.row(item), features.width, to);
    to += features.width;
  }
  return rows.to(at::kDouble);
}

void copy_out(const at::Tensor& from, gsl::span<float> to) {
  const auto values = from.to(at::kFloat).contiguous();
  std::copy_n(values.data_ptr<float>(), values.numel(), to.begin());
}

/// Runs `work` without gradients and on the calling thread only. Turns exceptions of LibTorch into errors.
template<class Work>
result<void> computed(const char* ranker, Work work) {
  try {
    thread_local const bool alone =
        (at::set_num_threads(1), true); // OpenMP's thread count is set per calling thread
    static_cast<void>(alone);
    const c10::InferenceMode inference;
    work();
    return {};
  } catch (const std::exception& thrown) {
    return fail(fault::internal, std::string(ranker) + ": LibTorch: " + thrown.what());
  }
}

class torch_din final : public engine_din {
public:
  explicit torch_din(const checkpoint& file) : model_(file) {}

  result<void> score(const feature_rows& features, gsl::span<const ranking_query> batch) const override {
    return computed("din", [&] {
      for (const auto& query : batch)
        copy_out(logits(rows_of(features, query.candidates), rows_of(features, seen_of(query.history))),
                 query.scores);
    });
  }

  result<void> attend(const feature_rows& features, items candidates, items history,
                      gsl::span<float> weights) const override {
    if (history.empty())
      return {};
    return computed("din", [&] {
      copy_out(
          attention(embedded(rows_of(features, candidates)), embedded(rows_of(features, seen_of(history)))),
          weights);
    });
  }

private:
  /// The items that attention uses: the most recent ones, or one unknown item if there are none.
  static items seen_of(items history) {
    static constexpr std::uint32_t nothing[] = {unknown_item};
    return history.empty() ? items(nothing)
                           : history.last(std::min(history.size(), din_model::history_limit));
  }

  at::Tensor embedded(const at::Tensor& rows) const { return linear(model_, "item_embedding", rows); }

  /// @param c, h Embeddings of the candidates and the history. @return [candidates, history]
  at::Tensor attention(const at::Tensor& c, const at::Tensor& h) const {
    const auto query = linear(model_, "attention.w_query", c).unsqueeze(1);
    const auto key = linear(model_, "attention.w_key", h).unsqueeze(0);
    const auto scores = linear(model_, "attention.w_value", at::relu(query + key)).squeeze(-1);
    return at::softmax(scores, 1);
  }

  at::Tensor logits(const at::Tensor& candidates, const at::Tensor& history) const {
    const auto c = embedded(candidates);
    const auto h = embedded(history);
    const auto interest = at::matmul(attention(c, h), h);
    const auto mean = h.mean(0, true).expand_as(c);
    return mlp(model_, at::cat({interest, c, mean}, 1));
  }

  weights model_;
};

class torch_ranknet final : public engine_ranker {
public:
  explicit torch_ranknet(const checkpoint& file) : model_(file) {}

  result<void> score(const feature_rows& features, gsl::span<const ranking_query> batch) const override {
    return computed("ranknet", [&] {
      for (const auto& query : batch)
        if (!query.candidates.empty())
          copy_out(scores(user_of(features, query.history), candidates_of(features, query)), query.scores);
    });
  }

private:
  /// The mean row of the known items, padded with zeros to the model's width; zeros if none is known.
  at::Tensor user_of(const feature_rows& features, items history) const {
    std::vector<std::uint32_t> known;
    std::copy_if(history.begin(), history.end(), std::back_inserter(known),
                 [](std::uint32_t item) { return item != unknown_item; });
    auto user = at::zeros({1, model_["user_embedding.weight"].size(1)}, at::kDouble);
    if (!known.empty())
      user.narrow(1, 0, static_cast<std::int64_t>(features.width))
          .copy_(rows_of(features, known).mean(0, true));
    return user;
  }

  /// The items' features, followed by the query's extra features of each item.
  static at::Tensor candidates_of(const feature_rows& features, const ranking_query& query) {
    const auto rows = rows_of(features, query.candidates);
    if (query.extra.empty())
      return rows;
    std::vector<float> extra(query.extra.begin(), query.extra.end());
    const auto behind = at::from_blob(extra.data(), {static_cast<std::int64_t>(extra.size())}, at::kFloat);
    return at::cat({rows, behind.to(at::kDouble).view({rows.size(0), -1})}, 1);
  }

  at::Tensor scores(const at::Tensor& user, const at::Tensor& candidates) const {
    const auto c = linear(model_, "item_embedding", candidates);
    const auto u = linear(model_, "user_embedding", user).expand({c.size(0), -1});
    return mlp(model_, at::cat({u, c}, 1));
  }

  weights model_;
};

} // namespace

std::shared_ptr<const engine_din> make_torch_din(const checkpoint& file) {
  return std::make_shared<const torch_din>(file);
}

std::shared_ptr<const engine_ranker> make_torch_ranknet(const checkpoint& file) {
  return std::make_shared<const torch_ranknet>(file);
}

} // namespace winnow
