#include "tests/models/torch_reference.hpp"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

namespace winnow::test {

namespace {

at::Tensor tensor_of(const checkpoint& model, const std::string& name) {
  const auto* tensor = model.find(name);
  if (tensor == nullptr)
    throw std::runtime_error("the random model lacks " + name);
  auto values = tensor->values;
  return at::from_blob(values.data(), tensor->shape, at::kFloat).to(at::kDouble).clone();
}

at::Tensor rows_of(const feature_rows& rows) {
  std::vector<at::Tensor> stacked;
  for (auto row : rows)
    stacked.push_back(
        at::from_blob(row.data(), {static_cast<std::int64_t>(row.size())}, at::kFloat).to(at::kDouble));
  return at::stack(stacked);
}

at::Tensor linear(const checkpoint& model, const std::string& prefix, const at::Tensor& x) {
  const auto y = at::matmul(x, tensor_of(model, prefix + ".weight").t());
  return model.find(prefix + ".bias") != nullptr ? y + tensor_of(model, prefix + ".bias") : y;
}

at::Tensor mlp(const checkpoint& model, at::Tensor x) {
  for (int entry = 0; model.find("mlp." + std::to_string(entry) + ".weight") != nullptr; entry += 4) {
    const std::string norm = "mlp." + std::to_string(entry + 1);
    x = linear(model, "mlp." + std::to_string(entry), x);
    x = at::batch_norm(x, tensor_of(model, norm + ".weight"), tensor_of(model, norm + ".bias"),
                       tensor_of(model, norm + ".running_mean"), tensor_of(model, norm + ".running_var"),
                       false, 0.1, 1e-5, false);
    x = at::relu(x);
  }
  return linear(model, "output_layer", x).squeeze(-1);
}

std::vector<double> values_of(const at::Tensor& tensor) {
  const auto contiguous = tensor.contiguous();
  return {contiguous.data_ptr<double>(), contiguous.data_ptr<double>() + contiguous.numel()};
}

/// @param c,h The embeddings of candidates and history. @return [C, L]
at::Tensor attention(const checkpoint& model, const at::Tensor& c, const at::Tensor& h) {
  const auto query = linear(model, "attention.w_query", c).unsqueeze(1);
  const auto key = linear(model, "attention.w_key", h).unsqueeze(0);
  const auto scores = linear(model, "attention.w_value", at::relu(query + key)).squeeze(-1);
  return at::softmax(scores, 1);
}

} // namespace

std::vector<double> din_logits(const checkpoint& model, const feature_rows& candidates,
                               const feature_rows& history) {
  const c10::InferenceMode inference;
  const auto c = linear(model, "item_embedding", rows_of(candidates)); // [C, D]
  const auto h = linear(model, "item_embedding", rows_of(history));    // [L, D]
  const auto interest = at::matmul(attention(model, c, h), h);
  const auto mean = h.mean(0, true).expand_as(c);
  return values_of(mlp(model, at::cat({interest, c, mean}, 1)));
}

std::vector<double> din_attention(const checkpoint& model, const feature_rows& candidates,
                                  const feature_rows& history) {
  const c10::InferenceMode inference;
  return values_of(attention(model, linear(model, "item_embedding", rows_of(candidates)),
                             linear(model, "item_embedding", rows_of(history))));
}

std::vector<double> ranknet_scores(const checkpoint& model, const feature_rows& candidates,
                                   const std::vector<float>& user) {
  const c10::InferenceMode inference;
  const auto items = linear(model, "item_embedding", rows_of(candidates));
  std::vector<float> padded = user;
  padded.resize(static_cast<std::size_t>(model.find("user_embedding.weight")->shape[1]), 0.0f);
  const auto who = linear(model, "user_embedding", rows_of({padded})).expand({items.size(0), -1});
  return values_of(mlp(model, at::cat({who, items}, 1)));
}

} // namespace winnow::test
