#include "models/training/networks/sparse_kernels.hpp"

// Compiled once per instruction set; see models/kernels/kernels.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#define HWY_TARGET_INCLUDE "models/training/networks/sparse_kernels.cpp"
#include <hwy/foreach_target.h>
// Must follow foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace winnow::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using floats = hn::CappedTag<float, 16>;
using vector = hn::Vec<floats>;

constexpr floats tag{};
constexpr std::size_t lanes = hn::MaxLanes(floats{});

constexpr hn::Rebind<std::uint32_t, floats> wide_tag{};
constexpr hn::Rebind<std::uint16_t, floats> short_tag{};
constexpr int dropped_bits = 16; // of a float, in the short form

HWY_INLINE vector load_row(const float* from) {
  return hn::Load(tag, from);
}

HWY_INLINE vector load_row(const std::uint16_t* from) {
  return hn::BitCast(tag, hn::ShiftLeft<dropped_bits>(hn::PromoteTo(wide_tag, hn::Load(short_tag, from))));
}

/// Sums `Columns` numbers of the row in registers over all edges.
template<std::size_t Columns, class Number>
HWY_INLINE void gather_columns(const sparse_row& edges, const Number* HWY_RESTRICT table, std::size_t width,
                               const unsigned char* active, const float* plus, float scale,
                               float* HWY_RESTRICT out) {
  constexpr std::size_t parts = Columns / lanes;
  // Rows are scattered in memory, so the row some edges ahead is prefetched, across the end of this sum:
  // most rows of a graph have fewer edges than it takes to hide the memory's latency.
  constexpr std::size_t ahead = 16;
  const auto known = edges.count + edges.following;
  vector sum[parts];
  for (std::size_t p = 0; p < parts; ++p)
    sum[p] = plus ? hn::LoadU(tag, plus + p * lanes) : hn::Zero(tag);
  for (std::size_t e = 0; e < edges.count; ++e) {
    if (e + ahead < known && (!active || active[edges.columns[e + ahead]])) {
      const auto* next = table + edges.columns[e + ahead] * width;
      for (std::size_t line = 0; line < Columns; line += 64 / sizeof(Number))
        __builtin_prefetch(next + line);
    }
    if (active && !active[edges.columns[e]])
      continue;
    const auto* row = table + edges.columns[e] * width;
    const vector w = hn::Set(tag, edges.weights[e]);
    for (std::size_t p = 0; p < parts; ++p)
      sum[p] = hn::MulAdd(w, load_row(row + p * lanes), sum[p]);
  }
  const vector factor = hn::Set(tag, scale);
  for (std::size_t p = 0; p < parts; ++p)
    hn::Store(hn::Mul(sum[p], factor), tag, out + p * lanes);
}

template<class Number>
HWY_INLINE void gather(const sparse_row& edges, const Number* table, std::size_t width,
                       const unsigned char* active, const float* plus, float scale, float* out) {
  std::size_t at = 0;
  const auto shifted = [&](const float* row) { return row ? row + at : nullptr; };
  for (; at + 128 <= width; at += 128)
    gather_columns<128>(edges, table + at, width, active, shifted(plus), scale, out + at);
  for (; at + 64 <= width; at += 64)
    gather_columns<64>(edges, table + at, width, active, shifted(plus), scale, out + at);
  for (; at < width; at += 16)
    gather_columns<16>(edges, table + at, width, active, shifted(plus), scale, out + at);
}

void GatherRow(const sparse_row& edges, const float* table, std::size_t width, const unsigned char* active,
               const float* plus, float scale, float* out) {
  gather(edges, table, width, active, plus, scale, out);
}

void GatherShortRow(const sparse_row& edges, const std::uint16_t* table, std::size_t width,
                    const unsigned char* active, const float* plus, float scale, float* out) {
  gather(edges, table, width, active, plus, scale, out);
}

void Shorten(const float* HWY_RESTRICT in, std::size_t width, std::uint16_t* HWY_RESTRICT out) {
  const auto half = hn::Set(wide_tag, 0x7FFF), one = hn::Set(wide_tag, 1);
  for (std::size_t i = 0; i < width; i += lanes) {
    const auto bits = hn::BitCast(wide_tag, hn::Load(tag, in + i));
    const auto last = hn::And(hn::ShiftRight<dropped_bits>(bits), one); // of what is kept: ties to even
    const auto rounded = hn::ShiftRight<dropped_bits>(hn::Add(bits, hn::Add(half, last)));
    hn::Store(hn::TruncateTo(short_tag, rounded), short_tag, out + i);
  }
}

} // namespace winnow::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace winnow::kernels {

HWY_EXPORT(GatherRow);
HWY_EXPORT(GatherShortRow);
HWY_EXPORT(Shorten);

void gather_row(const sparse_row& edges, const float* table, std::size_t width, const unsigned char* active,
                const float* plus, float scale, float* out) {
  HWY_DYNAMIC_DISPATCH(GatherRow)(edges, table, width, active, plus, scale, out);
}

void gather_row(const sparse_row& edges, const std::uint16_t* table, std::size_t width,
                const unsigned char* active, const float* plus, float scale, float* out) {
  HWY_DYNAMIC_DISPATCH(GatherShortRow)(edges, table, width, active, plus, scale, out);
}

void shorten(const float* in, std::size_t width, std::uint16_t* out) {
  HWY_DYNAMIC_DISPATCH(Shorten)(in, width, out);
}

} // namespace winnow::kernels
#endif
