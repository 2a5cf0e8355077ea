#include "tools/winnow-bench/synthetic_deployment.hpp"

#include "models/training/support/random.hpp"
#include "tools/winnow-bench/deployment_files.hpp"
#include "tools/winnow-bench/random_checkpoints.hpp"

#include <fstream>
#include <iterator>

namespace winnow::bench {

namespace {

namespace fs = std::filesystem;

constexpr int format_version = 1; // increased when the same options give different data

std::string meta_of(const bench_options& options) {
  return "{\"items\": " + std::to_string(options.items) + ", \"users\": " + std::to_string(options.users) +
         ", \"dim\": " + std::to_string(embedding_width) + ", \"seed\": " + std::to_string(options.seed) +
         ", \"format\": " + std::to_string(format_version) + "}\n";
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

result<void> copy_checkpoint(const fs::path& from, const std::string& model, const std::string& flat_name,
                             const fs::path& model_dir) {
  const auto nested = from / model / "best_model.pth", flat = from / flat_name;
  std::error_code failed;
  const auto& source = fs::exists(nested, failed) ? nested : flat;
  fs::create_directories(model_dir / model, failed);
  fs::copy_file(source, model_dir / model / "best_model.pth", fs::copy_options::overwrite_existing, failed);
  if (failed)
    return fail(fault::io_error, source.string() + ": " + failed.message());
  return {};
}

result<void> put_checkpoints(const bench_options& options, const fs::path& model_dir) {
  if (options.checkpoints.empty())
    return write_random_checkpoints(model_dir, options.seed);
  if (auto copied = copy_checkpoint(options.checkpoints, "din", "din256.pth", model_dir); !copied)
    return copied;
  return copy_checkpoint(options.checkpoints, "ranknet", "ranknet.pth", model_dir);
}

} // namespace

result<deployment> prepare_deployment(const bench_options& options) {
  deployment made;
  made.dir = fs::absolute(options.dir / (std::to_string(options.items) + "-" + std::to_string(options.users) +
                                         "-" + std::to_string(options.seed)));
  const auto meta = meta_of(options);
  if (content_of(made.dir / "meta.json") != meta) {
    random_source random(options.seed);
    const auto catalogue = invent_catalogue(options.items, embedding_width, random);
    const auto users = invent_users(options.users, catalogue, random);
    if (auto written = write_deployment(made.dir, catalogue, users, meta); !written)
      return tl::unexpected(written.error());
  }
  if (auto put = put_checkpoints(options, made.model_dir()); !put)
    return tl::unexpected(put.error());
  if (auto read = read_profiles(made.dir / "profiles.tsv", made.users, made.profiles); !read)
    return tl::unexpected(read.error());
  return made;
}

} // namespace winnow::bench
