#include "tools/winnow-bench/random_checkpoints.hpp"

#include "models/training/checkpoint_writer.hpp"
#include "models/training/support/random.hpp"

#include <cmath>

namespace winnow::bench {

namespace {

constexpr std::int64_t din_width = 256, ranknet_width = 128, user_width = 128, features = 3;
constexpr std::int64_t hidden[] = {128, 64, 32};

class weights {
public:
  explicit weights(std::uint64_t seed) : random_(seed) {}

  void tensor(const std::string& name, std::vector<std::int64_t> shape, double centre, double spread) {
    std::size_t count = 1;
    for (const auto size : shape)
      count *= static_cast<std::size_t>(size);
    named_tensor made{name, std::move(shape), std::vector<float>(count)};
    for (auto& value : made.values)
      value = static_cast<float>(centre + spread * (2 * random_.uniform() - 1));
    tensors_.push_back(std::move(made));
  }
  void linear(const std::string& prefix, std::int64_t rows, std::int64_t columns, bool bias = true) {
    // Keeps outputs about as large as inputs.
    tensor(prefix + ".weight", {rows, columns}, 0, 1.5 / std::sqrt(static_cast<double>(columns)));
    if (bias)
      tensor(prefix + ".bias", {rows}, 0, 0.3);
  }
  void mlp(std::int64_t width) {
    int entry = 0;
    for (const auto rows : hidden) {
      const auto norm = "mlp." + std::to_string(entry + 1);
      linear("mlp." + std::to_string(entry), rows, width);
      tensor(norm + ".weight", {rows}, 1, 0.3);
      tensor(norm + ".bias", {rows}, 0, 0.3);
      tensor(norm + ".running_mean", {rows}, 0, 0.3);
      tensor(norm + ".running_var", {rows}, 1, 0.5);
      tensor(norm + ".num_batches_tracked", {}, 1, 0);
      width = rows;
      entry += 4;
    }
    linear("output_layer", 1, width);
  }
  std::vector<named_tensor> take() { return std::move(tensors_); }

private:
  random_source random_;
  std::vector<named_tensor> tensors_;
};

} // namespace

result<void> write_random_checkpoints(const std::filesystem::path& model_dir, std::uint64_t seed) {
  weights din(seed);
  din.linear("item_embedding", din_width, features);
  din.linear("attention.w_query", din_width, din_width, false);
  din.linear("attention.w_key", din_width, din_width, false);
  din.linear("attention.w_value", 1, din_width, false);
  din.mlp(3 * din_width);
  checkpoint_content content;
  content.key = "state_dict";
  content.tensors = din.take();
  if (auto written = write_checkpoint(model_dir / "din/best_model.pth", content); !written)
    return written;

  weights ranknet(seed + 1);
  ranknet.linear("user_embedding", ranknet_width, user_width);
  ranknet.linear("item_embedding", ranknet_width, features);
  ranknet.mlp(2 * ranknet_width);
  content.key = "model_state_dict";
  content.tensors = ranknet.take();
  return write_checkpoint(model_dir / "ranknet/best_model.pth", content);
}

} // namespace winnow::bench
