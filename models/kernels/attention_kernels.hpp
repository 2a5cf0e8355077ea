#pragma once

#include "models/kernels/kernels.hpp"

#include <cstddef>

/// The hot loops of DIN's attention, on tiles as those of kernels.hpp.
namespace winnow::kernels {

/// Of attention's channels, the first `adding` add to a score, the others up to `all` take from it.
struct channel_counts {
  std::size_t adding, all;
};

/// DIN's attention scores for a tile of candidates: out[h][c] = start[h] + sum_d ±max(query[d][c],
/// key[d][h]).
/// @param key Tiles of history items, `channels.all` × 32 each, one after the other.
/// @param start One number a history item.
/// @param out `length` rows of 32; of columns that are not wanted, some may be written.
void attention_tile(const float* query, const float* key, const float* start, channel_counts channels,
                    std::size_t length, float* out, column_range columns = {});

/// Softmax down each column of `rows` × 32, in place; columns that are not wanted may change. `rows` is at
/// least 1.
void softmax_columns(float* tile, std::size_t rows, column_range columns = {});

/// The weighted sum of the history's features for each candidate: out[k][c] = sum_h weight[h][c] *
/// feature[k][h].
/// @param feature Tiles of history items, `depth` × 32 each, one after the other.
/// @param weight `length` rows of 32, as `softmax_columns` leaves them.
/// @param out `depth` rows of 32.
void pool_tile(const float* feature, const float* weight, std::size_t depth, std::size_t length, float* out,
               column_range columns = {});

} // namespace winnow::kernels
