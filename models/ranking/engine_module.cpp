#include "models/ranking/engine_module.hpp"

#include "config/version.hpp"

#include <dlfcn.h>

namespace winnow {

namespace {

constexpr const char* torch_packages =
    "expected LibTorch: the Debian package libtorch-dev to build the module, "
    "libtorch1.13 (Debian 13: libtorch2.6) to run it";

std::string last_error() {
  const char* const text = ::dlerror(); // NOLINT(concurrency-mt-unsafe): one text per thread in glibc
  return text != nullptr ? text : "no reason given";
}

template<class Symbol>
Symbol symbol_of(void* module, const char* name) {
  return reinterpret_cast<Symbol>(::dlsym(module, name));
}

/// Returns the path of LibTorch's engine: `../lib/winnow/libwinnow-torch.so` relative to the folder of the
/// running program, in the build folder as in an installation.
std::filesystem::path torch_module_path() {
  std::error_code none;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", none);
  return (program.parent_path() / ".." / "lib" / "winnow" / "libwinnow-torch.so").lexically_normal();
}

} // namespace

result<const ranking_engine*> load_engine_module(const std::filesystem::path& module) {
  std::error_code none;
  if (!std::filesystem::exists(module, none))
    return fail(fault::unavailable,
                "engine module " + module.string() + " does not exist; " + torch_packages);
  // Never closed: threads that have used LibTorch run its destructors when they end.
  void* const handle = ::dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    return fail(fault::unavailable,
                "engine module " + module.string() + ": " + last_error() + "; " + torch_packages);
  const auto* const built_for = symbol_of<const char*>(handle, "winnow_engine_version");
  const auto engine = symbol_of<const ranking_engine* (*)()>(handle, "winnow_engine");
  if (built_for == nullptr || engine == nullptr)
    return fail(fault::unsupported, "engine module " + module.string() + " is not a Winnow engine");
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
