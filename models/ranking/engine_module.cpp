#include "models/ranking/engine_module.hpp"

#include "config/version.hpp"

#include <dlfcn.h>

namespace winnow {

namespace {

constexpr const char* torch_packages = "expected LibTorch: the Debian package libtorch-dev to build it with, "
                                       "libtorch1.13 (13: libtorch2.6) to run it";

std::string last_error() {
  const char* const text = ::dlerror(); // NOLINT(concurrency-mt-unsafe): a text a thread in glibc
  return text != nullptr ? text : "no reason given";
}

template<class Symbol>
Symbol symbol_of(void* module, const char* name) {
  return reinterpret_cast<Symbol>(::dlsym(module, name));
}

/// Where LibTorch's engine is: `../lib/winnow/libwinnow-torch.so` from the folder of the running program,
/// both where it was built and where it was installed.
std::filesystem::path torch_module_path() {
  std::error_code none;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", none);
  return (program.parent_path() / ".." / "lib" / "winnow" / "libwinnow-torch.so").lexically_normal();
}

} // namespace

result<const ranking_engine*> load_engine_module(const std::filesystem::path& module) {
  std::error_code none;
  if (!std::filesystem::exists(module, none))
    return fail(fault::unavailable, "engine module " + module.string() + " is not there; " + torch_packages);
  // Never closed: threads that once computed in LibTorch have its destructors to run when they end.
  void* const handle = ::dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    return fail(fault::unavailable,
                "engine module " + module.string() + ": " + last_error() + "; " + torch_packages);
  const auto* const built_for = symbol_of<const char*>(handle, "winnow_engine_version");
  const auto engine = symbol_of<const ranking_engine* (*)()>(handle, "winnow_engine");
  if (built_for == nullptr || engine == nullptr)
    return fail(fault::unsupported, "engine module " + module.string() + " is no engine of Winnow");
  if (built_for != version())
    return fail(fault::unsupported, "engine module " + module.string() + ": expected Winnow " +
                                        std::string(version()) + ", got " + built_for);
  return engine();
}

result<const ranking_engine*> engine_of(ranker_engine kind) {
  if (kind == ranker_engine::native)
    return nullptr;
  return load_engine_module(torch_module_path());
}

} // namespace winnow
