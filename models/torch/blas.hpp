#pragma once

#include <string>

namespace winnow {

/// The library that LibTorch's matrix products end in: OpenBLAS with its version and processor, or the file
/// of another one with a word of warning, as the reference BLAS is many times slower.
std::string blas_in_use();

/// Has OpenBLAS compute in the calling thread alone: winnowd's workers share the processors among themselves.
void keep_blas_to_one_thread();

} // namespace winnow
