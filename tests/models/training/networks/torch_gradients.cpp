#include "tests/models/training/networks/torch_gradients.hpp"

#include <ATen/ATen.h>
#include <utility>

namespace winnow::test {

namespace {

/// Hands out the parameters one after the other, as leaves of the graph that LibTorch differentiates.
class leaves {
public:
  explicit leaves(const std::vector<parameter*>& parameters) {
    for (const auto* one : parameters) {
      auto copy = one->value;
      const auto rows = static_cast<std::int64_t>(one->rows),
                 columns = static_cast<std::int64_t>(one->columns);
      all_.push_back(at::from_blob(copy.data(), {rows, columns}, at::kFloat)
                         .to(at::kDouble)
                         .clone()
                         .requires_grad_(true));
    }
  }

  const at::Tensor& next() { return all_.at(next_++); }
  bool empty() const { return next_ == all_.size(); }

  /// Applies (Linear, ReLU) × n and a last Linear with the remaining parameters.
  at::Tensor mlp(at::Tensor x) {
    while (!empty()) {
      const auto weight = next();
      const auto bias = next();
      x = at::matmul(x, weight.t()) + bias;
      if (!empty())
        x = at::relu(x);
    }
    return x.squeeze(-1);
  }

  torch_loss differentiate(const at::Tensor& loss) const {
    loss.backward();
    torch_loss out;
    out.value = loss.item<double>();
    for (const auto& leaf : all_) {
      const auto gradient = (leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf)).contiguous();
      out.gradients.emplace_back(gradient.data_ptr<double>(), gradient.data_ptr<double>() + gradient.numel());
    }
    return out;
  }

private:
  std::vector<at::Tensor> all_;
  std::size_t next_ = 0;
};

at::Tensor standard_rows(const float* rows, std::size_t count, const column_scale& scale) {
  const auto width = scale.width();
  std::vector<double> values;
  for (std::size_t i = 0; i < count * width; ++i)
    values.push_back((static_cast<double>(rows[i]) - scale.mean[i % width]) / scale.deviation[i % width]);
  return at::from_blob(values.data(), {static_cast<std::int64_t>(count), static_cast<std::int64_t>(width)},
                       at::kDouble)
      .clone();
}

at::Tensor indices(gsl::span<const std::uint32_t> items) {
  std::vector<std::int64_t> values(items.begin(), items.end());
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kLong).clone();
}

} // namespace

torch_loss din_loss(const std::vector<parameter*>& parameters, const feature_table& fixed,
                    const column_scale& scale, gsl::span<const ranking_group> batch) {
  leaves all(parameters);
  const auto weight = all.next(), bias = all.next(), query = all.next(), key = all.next(),
             attention = all.next(), ids = all.next();
  const auto rows = standard_rows(fixed.values.data(), fixed.values.size() / fixed.width, scale);
  const auto embedded = at::matmul(at::cat({rows, ids}, 1), weight.t()) + bias;
  std::vector<at::Tensor> inputs;
  for (const auto& group : batch) {
    const auto c = embedded.index_select(0, indices(group.candidates));
    const auto h = embedded.index_select(0, indices(group.history));
    const auto hidden = at::relu(at::matmul(c, query.t()).unsqueeze(1) + at::matmul(h, key.t()).unsqueeze(0));
    const auto shares = at::softmax(at::matmul(hidden, attention.t()).squeeze(-1), 1);
    inputs.push_back(at::cat({at::matmul(shares, h), c, h.mean(0, true).expand_as(c)}, 1));
  }
  const auto scores = all.mlp(at::cat(inputs, 0));
  auto loss = at::zeros({}, at::kDouble);
  std::int64_t first = 0;
  for (const auto& group : batch) {
    const auto count = static_cast<std::int64_t>(group.candidates.size());
    loss = loss - at::log_softmax(scores.slice(0, first, first + count), 0)[0];
    first += count;
  }
  return all.differentiate(loss / static_cast<double>(batch.size()));
}

torch_loss ranknet_loss(const std::vector<parameter*>& parameters, const column_scale& user_scale,
                        const column_scale& feature_scale, gsl::span<const ranknet_group> batch) {
  leaves all(parameters);
  const auto user = all.next(), user_bias = all.next(), item = all.next(), item_bias = all.next();
  std::vector<at::Tensor> inputs;
  for (const auto& group : batch) {
    const auto count = group.candidates.size() / feature_scale.width();
    const auto who = at::matmul(standard_rows(group.user.data(), 1, user_scale), user.t()) + user_bias;
    const auto what =
        at::matmul(standard_rows(group.candidates.data(), count, feature_scale), item.t()) + item_bias;
    inputs.push_back(at::cat({who.expand({static_cast<std::int64_t>(count), -1}), what}, 1));
  }
  const auto scores = all.mlp(at::cat(inputs, 0));
  auto loss = at::zeros({}, at::kDouble);
  std::int64_t first = 0;
  for (const auto& input : inputs) {
    const auto count = input.size(0);
    loss = loss - at::log_softmax(scores.slice(0, first, first + count).flatten(), 0)[0];
    first += count;
  }
  return all.differentiate(loss / static_cast<double>(batch.size()));
}

} // namespace winnow::test
