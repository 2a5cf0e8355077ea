#include "models/torch/blas.hpp"

#include <dlfcn.h>

namespace winnow {

namespace {

/// Looks up a symbol in the BLAS that the system's alternatives provide to LibTorch; which one is known only
/// at run time.
template<class Function>
Function* find_symbol(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

std::string file_of_blas() {
  Dl_info where{};
  auto* const product = ::dlsym(RTLD_DEFAULT, "dgemm_");
  return product != nullptr && ::dladdr(product, &where) != 0 && where.dli_fname != nullptr ? where.dli_fname
                                                                                            : "unknown";
}

} // namespace

std::string blas_in_use() {
  if (const auto config = find_symbol<const char*()>("openblas_get_config"))
    return config();
  return file_of_blas() + ", which is not OpenBLAS and therefore slow (install libopenblas0-pthread)";
}

void keep_blas_to_one_thread() {
  if (const auto set = find_symbol<void(int)>("openblas_set_num_threads"))
    set(1);
}

} // namespace winnow
