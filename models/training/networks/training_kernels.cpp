#include "models/training/networks/training_kernels.hpp"

#include <algorithm>
#include <cmath>

// Compiled once per instruction set; see models/kernels/kernels.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/training/networks/training_kernels.cpp"
#include <hwy/foreach_target.h>
// Must follow foreach_target.h.
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using floats = hn::CappedTag<float, 16>;
using vector = hn::Vec<floats>;

constexpr floats tag{};
constexpr std::size_t lanes = hn::MaxLanes(floats{});

void AdamUpdate(const adam_step& step, std::size_t count, const float* HWY_RESTRICT gradient,
                float* HWY_RESTRICT first, float* HWY_RESTRICT second, float* HWY_RESTRICT values) {
  const vector beta1 = hn::Set(tag, step.beta1), beta2 = hn::Set(tag, step.beta2);
  const vector rest1 = hn::Set(tag, 1 - step.beta1), rest2 = hn::Set(tag, 1 - step.beta2);
  const vector rate = hn::Set(tag, step.rate), epsilon = hn::Set(tag, step.epsilon);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const vector g = hn::LoadU(tag, gradient + i);
    const vector m = hn::MulAdd(beta1, hn::LoadU(tag, first + i), hn::Mul(rest1, g));
    const vector v = hn::MulAdd(beta2, hn::LoadU(tag, second + i), hn::Mul(rest2, hn::Mul(g, g)));
    hn::StoreU(m, tag, first + i);
    hn::StoreU(v, tag, second + i);
    const vector change = hn::Div(hn::Mul(rate, m), hn::Add(hn::Sqrt(v), epsilon));
    hn::StoreU(hn::Sub(hn::LoadU(tag, values + i), change), tag, values + i);
  }
  for (; i < count; ++i) {
    first[i] = step.beta1 * first[i] + (1 - step.beta1) * gradient[i];
    second[i] = step.beta2 * second[i] + (1 - step.beta2) * gradient[i] * gradient[i];
    values[i] -= step.rate * first[i] / (std::sqrt(second[i]) + step.epsilon);
  }
}

void AttentionScores(const float* HWY_RESTRICT query, const float* HWY_RESTRICT weight, std::size_t channels,
                     const float* HWY_RESTRICT keys, const std::uint32_t* slots, std::size_t count,
                     float* HWY_RESTRICT out) {
  const vector zero = hn::Zero(tag);
  for (std::size_t h = 0; h < count; ++h) {
    const auto* key = keys + slots[h] * channels;
    vector sum = zero;
    for (std::size_t k = 0; k < channels; k += lanes) {
      const vector active = hn::Max(hn::Add(hn::LoadU(tag, query + k), hn::LoadU(tag, key + k)), zero);
      sum = hn::MulAdd(hn::LoadU(tag, weight + k), active, sum);
    }
    out[h] = hn::GetLane(hn::SumOfLanes(tag, sum));
  }
}

void AttentionGradients(const float* HWY_RESTRICT query, const float* HWY_RESTRICT weight,
                        std::size_t channels, const float* HWY_RESTRICT keys, const std::uint32_t* slots,
                        std::size_t count, const float* score_gradient, float* HWY_RESTRICT query_gradient,
                        float* HWY_RESTRICT key_gradients, float* HWY_RESTRICT weight_gradient) {
  // By 16 channels, so that the sums over the history stay in registers.
  constexpr std::size_t parts = 16 / lanes;
  const vector zero = hn::Zero(tag);
  for (std::size_t k = 0; k < channels; k += 16) {
    vector from[parts], by[parts], query_sum[parts], weight_sum[parts];
    for (std::size_t p = 0; p < parts; ++p) {
      from[p] = hn::LoadU(tag, query + k + p * lanes);
      by[p] = hn::LoadU(tag, weight + k + p * lanes);
      query_sum[p] = weight_sum[p] = zero;
    }
    for (std::size_t h = 0; h < count; ++h) {
      const auto* key = keys + slots[h] * channels + k;
      auto* key_gradient = key_gradients + slots[h] * channels + k;
      const vector pull = hn::Set(tag, score_gradient[h]);
      for (std::size_t p = 0; p < parts; ++p) {
        const vector active = hn::Max(hn::Add(from[p], hn::LoadU(tag, key + p * lanes)), zero);
        const vector passed = hn::IfThenElseZero(hn::Gt(active, zero), hn::Mul(pull, by[p]));
        hn::StoreU(hn::Add(hn::LoadU(tag, key_gradient + p * lanes), passed), tag, key_gradient + p * lanes);
        query_sum[p] = hn::Add(query_sum[p], passed);
        weight_sum[p] = hn::MulAdd(pull, active, weight_sum[p]);
      }
    }
    for (std::size_t p = 0; p < parts; ++p) {
      const auto at = k + p * lanes;
      hn::StoreU(hn::Add(hn::LoadU(tag, query_gradient + at), query_sum[p]), tag, query_gradient + at);
      hn::StoreU(hn::Add(hn::LoadU(tag, weight_gradient + at), weight_sum[p]), tag, weight_gradient + at);
    }
  }
}

double SoftmaxRow(float* HWY_RESTRICT logits, std::size_t count, std::size_t of) {
  float most = logits[0];
  for (std::size_t i = 1; i < count; ++i)
    most = std::max(most, logits[i]);
  // hn::Exp is defined from about -87 on; beyond, nothing counts.
  const vector top = hn::Set(tag, most), cutoff = hn::Set(tag, -80.0f);
  const float own = logits[of] - most;
  vector sum = hn::Zero(tag);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const vector below = hn::Sub(hn::LoadU(tag, logits + i), top);
    const vector e = hn::IfThenElseZero(hn::Ge(below, cutoff), hn::Exp(tag, hn::Max(below, cutoff)));
    hn::StoreU(e, tag, logits + i);
    sum = hn::Add(sum, e);
  }
  float total = hn::GetLane(hn::SumOfLanes(tag, sum));
  for (; i < count; ++i)
    total += logits[i] = std::exp(std::max(logits[i] - most, -80.0f));
  const vector share = hn::Set(tag, 1 / total);
  for (i = 0; i + lanes <= count; i += lanes)
    hn::StoreU(hn::Mul(hn::LoadU(tag, logits + i), share), tag, logits + i);
  for (; i < count; ++i)
    logits[i] /= total;
  return static_cast<double>(own) - std::log(static_cast<double>(total));
}

void BiasAndRelu(const float* HWY_RESTRICT bias, const float* HWY_RESTRICT kept, std::size_t count,
                 float* HWY_RESTRICT values) {
  const vector zero = hn::Zero(tag);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const vector above = hn::Max(hn::Add(hn::LoadU(tag, values + i), hn::LoadU(tag, bias + i)), zero);
    hn::StoreU(kept ? hn::Mul(above, hn::LoadU(tag, kept + i)) : above, tag, values + i);
  }
  for (; i < count; ++i)
    values[i] = std::max(values[i] + bias[i], 0.0f) * (kept ? kept[i] : 1.0f);
}

void ReluGradients(const float* HWY_RESTRICT output, float scale, std::size_t count,
                   float* HWY_RESTRICT gradients) {
  const vector zero = hn::Zero(tag), factor = hn::Set(tag, scale);
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    hn::StoreU(hn::IfThenElseZero(hn::Gt(hn::LoadU(tag, output + i), zero),
                                  hn::Mul(hn::LoadU(tag, gradients + i), factor)),
               tag, gradients + i);
  for (; i < count; ++i)
    gradients[i] = output[i] > 0 ? gradients[i] * scale : 0.0f;
}

float Dot(const float* a, const float* b, std::size_t width) {
  vector sum = hn::Zero(tag);
  std::size_t i = 0;
  for (; i + lanes <= width; i += lanes)
    sum = hn::MulAdd(hn::LoadU(tag, a + i), hn::LoadU(tag, b + i), sum);
  float total = hn::GetLane(hn::SumOfLanes(tag, sum));
  for (; i < width; ++i)
    total += a[i] * b[i];
  return total;
}

void AddScaled(float factor, const float* HWY_RESTRICT in, std::size_t width, float* HWY_RESTRICT out) {
  const vector f = hn::Set(tag, factor);
  std::size_t i = 0;
  for (; i + lanes <= width; i += lanes)
    hn::StoreU(hn::MulAdd(f, hn::LoadU(tag, in + i), hn::LoadU(tag, out + i)), tag, out + i);
  for (; i < width; ++i)
    out[i] += factor * in[i];
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(AdamUpdate);
HWY_EXPORT(AttentionScores);
HWY_EXPORT(AttentionGradients);
HWY_EXPORT(SoftmaxRow);
HWY_EXPORT(BiasAndRelu);
HWY_EXPORT(ReluGradients);
HWY_EXPORT(Dot);
HWY_EXPORT(AddScaled);

adam_step adam_at(std::uint64_t step, double learning_rate) {
  const auto t = static_cast<double>(step);
  adam_step out;
  const double root = std::sqrt(1 - std::pow(static_cast<double>(out.beta2), t));
  out.rate = static_cast<float>(learning_rate * root / (1 - std::pow(static_cast<double>(out.beta1), t)));
  out.epsilon = static_cast<float>(1e-8 * root);
  return out;
}

void adam_update(const adam_step& step, std::size_t count, const float* gradient, float* first, float* second,
                 float* values) {
  HWY_DYNAMIC_DISPATCH(AdamUpdate)(step, count, gradient, first, second, values);
}

void attention_scores(const float* query, const float* weight, std::size_t channels, const float* keys,
                      const std::uint32_t* slots, std::size_t count, float* out) {
  HWY_DYNAMIC_DISPATCH(AttentionScores)(query, weight, channels, keys, slots, count, out);
}

void attention_gradients(const float* query, const float* weight, std::size_t channels, const float* keys,
                         const std::uint32_t* slots, std::size_t count, const float* score_gradient,
                         float* query_gradient, float* key_gradients, float* weight_gradient) {
  HWY_DYNAMIC_DISPATCH(AttentionGradients)
  (query, weight, channels, keys, slots, count, score_gradient, query_gradient, key_gradients,
   weight_gradient);
}

double softmax_row(float* logits, std::size_t count, std::size_t of) {
  return HWY_DYNAMIC_DISPATCH(SoftmaxRow)(logits, count, of);
}

void bias_and_relu(const float* bias, const float* kept, std::size_t count, float* values) {
  HWY_DYNAMIC_DISPATCH(BiasAndRelu)(bias, kept, count, values);
}

void relu_gradients(const float* output, float scale, std::size_t count, float* gradients) {
  HWY_DYNAMIC_DISPATCH(ReluGradients)(output, scale, count, gradients);
}

float dot(const float* a, const float* b, std::size_t width) {
  return HWY_DYNAMIC_DISPATCH(Dot)(a, b, width);
}

void add_scaled(float factor, const float* in, std::size_t width, float* out) {
  HWY_DYNAMIC_DISPATCH(AddScaled)(factor, in, width, out);
}

} // namespace winnow::kernels
#endif
