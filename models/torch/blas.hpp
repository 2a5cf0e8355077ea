#pragma once

#include <string>

namespace winnow {

/// The BLAS library behind LibTorch's matrix products: OpenBLAS with its version and processor, or the file
/// name of another library with a warning, because the reference BLAS is many times slower.
std::string blas_in_use();

/// Makes OpenBLAS compute on the calling thread only, because winnowd's workers already share the processors.
void keep_blas_to_one_thread();

} // namespace winnow
