#include "models/training/networks/trainable_mlp.hpp"

#include "models/training/networks/matrix_product.hpp"
#include "models/training/networks/training_kernels.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

constexpr std::size_t row_grain = 256;

/// Draws what units are multiplied by: 0 where they are dropped, and more than 1 elsewhere. 16 random bits
/// each.
void draw_kept(random_source random, double dropout, std::size_t count, float* kept) {
  const auto limit = static_cast<std::uint64_t>(std::lround(dropout * 0x1p16));
  const auto scale = static_cast<float>(1 / (1 - dropout));
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    bits = i % 4 == 0 ? random.bits() : bits >> 16U;
    kept[i] = (bits & 0xFFFFU) < limit ? 0 : scale;
  }
}

std::vector<float> repeated(std::size_t count, float value) {
  return std::vector<float>(count, value);
}

} // namespace

trainable_mlp::trainable_mlp(std::size_t input_width, const std::vector<std::size_t>& hidden, double dropout,
                             random_source& random)
    : input_width_(input_width), dropout_(dropout) {
  auto widths = hidden;
  widths.push_back(1);
  for (auto width : widths) {
    layer next;
    next.weight = parameter(width, input_width);
    next.bias = parameter(1, width);
    next.weight.randomise(random, std::sqrt(3.0)); // keeps the variance about constant through a ReLU
    layers_.push_back(std::move(next));
    input_width = width;
  }
}

const aligned_floats& trainable_mlp::forward(thread_team& team, const aligned_floats& input, std::size_t rows,
                                             random_source* dropping) {
  input_ = &input;
  rows_ = rows;
  const auto* from = &input;
  auto width = input_width_;
  for (auto& to : layers_) {
    const bool hidden = &to != &layers_.back();
    const auto units = to.weight.rows;
    to.output.resize(rows * units);
    multiply(team, rows, units, width, {from->data(), width}, transposed({to.weight.value.data(), width}), 0,
             to.output.data(), units);
    const bool drops = hidden && dropping && dropout_ > 0;
    to.kept.resize(drops ? rows * units : 0);
    const auto seed = drops ? dropping->bits() : 0;
    team.run_ranges(rows, row_grain, [&](std::size_t first, std::size_t last) {
      if (drops)
        draw_kept(stream_of(seed, first), dropout_, (last - first) * units, to.kept.data() + first * units);
      for (auto row = first; row < last; ++row) {
        auto* values = to.output.data() + row * units;
        if (hidden)
          kernels::bias_and_relu(to.bias.value.data(), drops ? to.kept.data() + row * units : nullptr, units,
                                 values);
        else
          kernels::add_scaled(1, to.bias.value.data(), units, values);
      }
    });
    from = &to.output;
    width = units;
  }
  return layers_.back().output;
}

const aligned_floats& trainable_mlp::backward(thread_team& team, const aligned_floats& score_gradient) {
  layers_.back().gradient = score_gradient;
  for (auto at = layers_.size(); at-- > 0;) {
    auto& here = layers_[at];
    const auto units = here.weight.rows;
    const auto width = here.weight.columns;
    if (at + 1 < layers_.size()) {
      const auto scale = here.kept.empty() ? 1.0f : static_cast<float>(1 / (1 - dropout_));
      team.run_ranges(rows_ * units, row_grain * units, [&](std::size_t first, std::size_t last) {
        kernels::relu_gradients(here.output.data() + first, scale, last - first,
                                here.gradient.data() + first);
      });
    }
    for (std::size_t row = 0; row < rows_; ++row)
      kernels::add_scaled(1, here.gradient.data() + row * units, units, here.bias.gradient.data());
    const auto& from = at == 0 ? *input_ : layers_[at - 1].output;
    multiply(team, units, width, rows_, transposed({here.gradient.data(), units}), {from.data(), width}, 1,
             here.weight.gradient.data(), width);
    auto& into = at == 0 ? input_gradient_ : layers_[at - 1].gradient;
    into.resize(rows_ * width);
    multiply(team, rows_, width, units, {here.gradient.data(), units}, {here.weight.value.data(), width}, 0,
             into.data(), width);
  }
  return input_gradient_;
}

void trainable_mlp::move(std::uint64_t step, const adam_options& options) {
  for (auto& one : layers_) {
    adam_move(one.weight, step, options);
    adam_move(one.bias, step, {options.learning_rate, 0});
  }
}

void trainable_mlp::append_tensors(std::vector<named_tensor>& tensors) const {
  const auto append = [&](const std::string& name, std::vector<float> values) {
    const auto count = static_cast<std::int64_t>(values.size());
    tensors.push_back({name, {count}, std::move(values)});
  };
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    const auto& one = layers_[at];
    const bool hidden = at + 1 < layers_.size();
    const auto linear = hidden ? "mlp." + std::to_string(4 * at) : std::string("output_layer");
    tensors.push_back(to_tensor(linear + ".weight", one.weight));
    append(linear + ".bias", {one.bias.value.begin(), one.bias.value.end()});
    if (!hidden)
      continue;
    const auto norm = "mlp." + std::to_string(4 * at + 1);
    const auto units = one.weight.rows;
    append(norm + ".weight", repeated(units, 1));
    append(norm + ".bias", repeated(units, 0));
    append(norm + ".running_mean", repeated(units, 0));
    // BatchNorm adds 1e-5 to the variance before it divides.
    append(norm + ".running_var", repeated(units, 1.0f - 1e-5f));
    tensors.push_back({norm + ".num_batches_tracked", {}, {0.0f}});
  }
}

result<void> trainable_mlp::take(const checkpoint& from) {
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    auto& one = layers_[at];
    const bool hidden = at + 1 < layers_.size();
    const auto linear = hidden ? "mlp." + std::to_string(4 * at) : std::string("output_layer");
    for (auto& [name, into] : {std::pair{linear + ".weight", &one.weight}, {linear + ".bias", &one.bias}})
      if (auto taken = take_tensor(from, name, *into); !taken)
        return taken;
    const auto norm = "mlp." + std::to_string(4 * at + 1);
    for (const auto& [name, expected] :
         {std::pair{".weight", 1.0f}, {".bias", 0.0f}, {".running_mean", 0.0f}, {".running_var", 1.0f}}) {
      const auto* tensor = hidden ? from.find(norm + name) : nullptr;
      for (const auto value : tensor ? tensor->values : std::vector<float>())
        if (std::abs(value - expected) > 1e-4f)
          return fail(fault::unsupported,
                      from.file() + ": " + norm + name + ": expected a BatchNorm that changes nothing");
    }
  }
  return {};
}

std::vector<parameter*> trainable_mlp::parameters() {
  std::vector<parameter*> all;
  for (auto& one : layers_)
    all.insert(all.end(), {&one.weight, &one.bias});
  return all;
}

} // namespace winnow
