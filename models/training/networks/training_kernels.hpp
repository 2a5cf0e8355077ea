#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops of training, vectorised for the processor's instruction set. Rows are `width` floats,
/// aligned to 64 bytes; `width` is a multiple of 16.
namespace winnow::kernels {

/// Factors of one Adam step (Kingma and Ba 2015), with the bias correction moved out of the loop.
struct adam_step {
  float rate = 0;    ///< learning rate · sqrt(1 - beta2^t) / (1 - beta1^t)
  float epsilon = 0; ///< 1e-8 · sqrt(1 - beta2^t), equivalent to PyTorch's 1e-8
  float beta1 = 0.9f;
  float beta2 = 0.999f;
};

/// @param step t, from 1.
adam_step adam_at(std::uint64_t step, double learning_rate);

/// Takes the step with `count` values; `first` and `second` are Adam's moments.
void adam_update(const adam_step& step, std::size_t count, const float* gradient, float* first, float* second,
                 float* values);

/// Computes DIN's attention scores of one candidate: out[h] = Σ_k weight[k] · relu(query[k] +
/// keys[slots[h]][k]).
/// @param channels Length of `query`, of `weight` and of each row of `keys`; a multiple of 16.
void attention_scores(const float* query, const float* weight, std::size_t channels, const float* keys,
                      const std::uint32_t* slots, std::size_t count, float* out);

/// Backward pass of `attention_scores`: adds to the gradients of the query, the keys and the weight.
void attention_gradients(const float* query, const float* weight, std::size_t channels, const float* keys,
                         const std::uint32_t* slots, std::size_t count, const float* score_gradient,
                         float* query_gradient, float* key_gradients, float* weight_gradient);

/// Replaces the logits of a row by their softmax.
/// @return The logarithm of the probability at `of`.
double softmax_row(float* logits, std::size_t count, std::size_t of);

/// Computes values = max(values + bias, 0) · kept. @param kept Null: all are 1.
void bias_and_relu(const float* bias, const float* kept, std::size_t count, float* values);

/// Backward pass of max(x, 0) · scale: multiplies the gradients by `scale` where the output is above 0, and
/// sets them to 0 elsewhere.
void relu_gradients(const float* output, float scale, std::size_t count, float* gradients);

/// Returns Σ a[k] · b[k].
float dot(const float* a, const float* b, std::size_t width);

/// Computes out += factor · in.
void add_scaled(float factor, const float* in, std::size_t width, float* out);

} // namespace winnow::kernels
