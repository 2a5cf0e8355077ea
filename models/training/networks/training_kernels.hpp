#pragma once

#include <cstddef>
#include <cstdint>

/// The hot loops of training, vectorised for what the processor offers. Rows are `width` floats, aligned to
/// 64 bytes; `width` is a multiple of 16.
namespace winnow::kernels {

/// One step of Adam (Kingma and Ba 2015) with the bias correction taken out of the loop.
struct adam_step {
  float rate = 0;    ///< learning rate · sqrt(1 - beta2^t) / (1 - beta1^t)
  float epsilon = 0; ///< 1e-8 · sqrt(1 - beta2^t), so that it is PyTorch's
  float beta1 = 0.9f;
  float beta2 = 0.999f;
};

adam_step adam_at(std::uint64_t step, double learning_rate);

/// A sparse row times a table: out = scale · (plus + Σ_e weights[e] · table[columns[e]]).
/// @param active One byte a row of the table; rows with 0 are known to be zero and left out. Null: all count.
/// @param plus A row to be added, or null.
void gather_row(const std::uint32_t* columns, const float* weights, std::size_t count, const float* table,
                std::size_t width, const unsigned char* active, const float* plus, float scale, float* out);

/// Moves `count` values against their gradient; `first` and `second` are Adam's moments.
void adam_update(const adam_step& step, std::size_t count, const float* gradient, float* first, float* second,
                 float* values);

/// DIN's attention scores of one candidate: out[h] = Σ_k weight[k] · relu(query[k] + keys[slots[h]][k]).
/// @param channels A multiple of 16: the length of `query`, `weight` and of each row of `keys`.
void attention_scores(const float* query, const float* weight, std::size_t channels, const float* keys,
                      const std::uint32_t* slots, std::size_t count, float* out);

/// The way back: adds what the scores' gradient means for the query, the keys and the weight.
void attention_gradients(const float* query, const float* weight, std::size_t channels, const float* keys,
                         const std::uint32_t* slots, std::size_t count, const float* score_gradient,
                         float* query_gradient, float* key_gradients, float* weight_gradient);

/// Σ a[k] · b[k].
float dot(const float* a, const float* b, std::size_t width);

/// out += factor · in.
void add_scaled(float factor, const float* in, std::size_t width, float* out);

} // namespace winnow::kernels
