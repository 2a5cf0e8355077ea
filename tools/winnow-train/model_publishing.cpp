#include "models/files/file_digest.hpp"
#include "models/files/output_file.hpp"
#include "models/manifest.hpp"
#include "models/model_description.hpp"
#include "models/model_files.hpp"
#include "models/registry/version_name.hpp"
#include "tools/winnow-train/model_directory.hpp"

#include <algorithm>
#include <chrono>

// How a draft gets into place: file by file, or whole, as a version.

namespace winnow {

namespace {

namespace fs = std::filesystem;

tl::unexpected<error> refused(const fs::path& path, const char* what, const std::error_code& why) {
  return fail(fault::io_error, path.string() + ": cannot " + what + ": " + why.message());
}

/// Rows for new items may be added to these while the models serve, so that no manifest lists them.
bool may_grow(const std::string& name) {
  return name == "item_features.csv" || name == "items.csv";
}

} // namespace

result<std::string> model_draft::version() const {
  model_settings where;
  where.dir = draft_.string();
  const auto paths = locate_models(where);
  if (!paths)
    return tl::unexpected(paths.error());
  const auto description = read_model_description(paths->description);
  if (!description)
    return tl::unexpected(description.error());
  const auto digests = digest_files(paths->used(description->recent_half_life.has_value()));
  if (!digests)
    return tl::unexpected(digests.error());
  return digests->all;
}

/// Writes the manifest, and puts it and the files that it does not list in front. From then on, until the
/// last file is in place, the directory does not fit its manifest, so that no reader takes it for a set.
result<void> model_draft::list_for_readers(std::vector<std::string>& names) const {
  const auto first = std::stable_partition(names.begin(), names.end(), may_grow);
  const auto text = make_manifest(draft_, {first, names.end()});
  if (!text)
    return tl::unexpected(text.error());
  names.insert(names.begin(), manifest_file);
  return write_file(draft_ / manifest_file, *text);
}

result<void> model_draft::publish() const {
  auto names = files();
  std::error_code failed;
  // Rankers and fold-in tables of an earlier run belong to the embeddings that are replaced now. Those in a
  // directory without model.json do not come from a run.
  const bool replaces_own_run = fs::exists(target_ / "model.json", failed);
  for (const std::string name : {"lightgcn/user_fold_in.csv", "lightgcn/item_fold_in.csv",
                                 "din/best_model.pth", "ranknet/best_model.pth"})
    if (replaces_own_run && std::find(names.begin(), names.end(), name) == names.end() &&
        fs::exists(target_ / name, failed)) {
      fs::rename(target_ / name, target_ / (name + ".stale"), failed);
      if (failed)
        return refused(target_ / name, "move aside", failed);
    }
  names.emplace_back("model.json");
  if (auto listed = list_for_readers(names); !listed)
    return listed;
  for (const auto& name : names) {
    fs::create_directories((target_ / name).parent_path(), failed);
    fs::rename(draft_ / name, target_ / name, failed);
    if (failed)
      return refused(target_ / name, "move into place", failed);
  }
  fs::remove_all(draft_, failed);
  if (failed)
    return refused(draft_, "remove", failed);
  return {};
}

result<std::string> model_draft::publish_version() const {
  auto names = files();
  names.emplace_back("model.json");
  names.erase(std::remove_if(names.begin(), names.end(), may_grow), names.end());
  const auto digest = version();
  if (!digest)
    return tl::unexpected(digest.error());
  const auto text = make_manifest(draft_, names, *digest);
  if (!text)
    return tl::unexpected(text.error());
  if (auto written = write_file(draft_ / manifest_file, *text); !written)
    return tl::unexpected(written.error());
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto name = make_version_name(std::chrono::duration_cast<std::chrono::seconds>(now).count(), *digest);
  const auto directory = target_ / versions_directory / name;
  std::error_code failed;
  fs::create_directories(directory.parent_path(), failed);
  for (const char* left : {"lightgcn.state", "din.state", "ranknet.state", ".winnow-cache"})
    fs::remove_all(draft_ / left, failed);
  fs::rename(draft_, directory, failed);
  if (failed)
    return refused(directory, "move the new version there", failed);
  return name;
}

} // namespace winnow
