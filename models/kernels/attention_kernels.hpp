#pragma once

#include "models/kernels/kernels.hpp"

#include <cstddef>

/// The hot loops of DIN's attention, on tiles like those of kernels.hpp.
namespace winnow::kernels {

/// The channels of attention: the first `adding` add to a score, the others up to `all` subtract from it.
struct channel_counts {
  std::size_t adding, all;
};

/// DIN's attention scores for a tile of candidates:
/// out[h][c] = start[h] + sum_d ±max(query[d][c], key[d][h]).
/// @param key Tiles of history items, `channels.all` × 32 each, one after the other.
/// @param start One number per history item.
/// @param out `length` rows of 32; other columns than those requested may be overwritten.
void attention_tile(const float* query, const float* key, const float* start, channel_counts channels,
                    std::size_t length, float* out, column_range columns = {});

/// Softmax down each column of `rows` × 32, in place; `rows` is at least 1. Other columns than those
/// requested may change.
void softmax_columns(float* tile, std::size_t rows, column_range columns = {});

/// The weighted sum of the history's features for each candidate:
/// out[k][c] = sum_h weight[h][c] * feature[k][h].
/// @param feature Tiles of history items, `depth` × 32 each, one after the other.
/// @param weight `length` rows of 32, as written by `softmax_columns`.
/// @param out `depth` rows of 32.
void pool_tile(const float* feature, const float* weight, std::size_t depth, std::size_t length, float* out,
               column_range columns = {});

} // namespace winnow::kernels
