#include "tools/winnow-bench/python_peer.hpp"

#include <exception>

namespace winnow::bench {

namespace {

constexpr const char* python = "/usr/bin/python3"; // Debian's, which has Debian's torch

struct form_settings {
  const char* name;
  const char* mode;
  const char* workers;
};

form_settings settings_of(python_form form) {
  switch (form) {
  case python_form::batch2:
    return {"python-batch2", "batch", "2"};
  case python_form::batch:
    return {"python-batch", "batch", "1"};
  case python_form::plain:
    break;
  }
  return {"python", "block", "1"};
}

} // namespace

bool python_peer_runs(const std::filesystem::path& dir) {
  std::error_code failed;
  if (!std::filesystem::exists(dir / "peer_service.py", failed))
    return false;
  try {
    child_process check({python, "-c", "import fastapi, hiredis, httptools, redis, torch, uvicorn, uvloop"},
                        "/dev/null");
    return check.wait(std::chrono::seconds(60)) == 0;
  } catch (const std::exception&) {
    return false;
  }
}

program_recipe python_recipe(python_form form, const std::filesystem::path& dir, const deployment& data) {
  const auto chosen = settings_of(form);
  return {chosen.name,
          [chosen, app_dir = std::filesystem::absolute(dir).string(),
           data_dir = data.dir.string()](std::uint16_t port, std::uint16_t redis_port) {
            return std::vector<std::string>{
                "PYTHONDONTWRITEBYTECODE=1", "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", "TORCH_THREADS=1",
                // The same as in `winnowd`. Otherwise glibc returns the memory of
                // each large tensor to the kernel, and the next one takes a page
                // fault per 4 kB: three quarters of the time on some machines.
                "MALLOC_MMAP_THRESHOLD_=33554432", "MALLOC_TRIM_THRESHOLD_=268435456", "PEER_SERVE=1",
                std::string("MODE=") + chosen.mode, "DATA_DIR=" + data_dir, "REDIS_HOST=127.0.0.1",
                "REDIS_PORT=" + std::to_string(redis_port), python, "-m", "uvicorn", "peer_service:app",
                "--app-dir", app_dir, "--host", "127.0.0.1", "--port", std::to_string(port), "--loop",
                "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning", "--workers",
                chosen.workers};
          },
          "/health"};
}

} // namespace winnow::bench
