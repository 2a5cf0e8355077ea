#include "models/registry/version_directory.hpp"

#include "config/text/json_text.hpp"
#include "models/files/input_file.hpp"
#include "models/files/output_file.hpp"
#include "models/manifest.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <system_error>
#include <tuple>

namespace winnow {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* pin_file = ".pinned";
constexpr std::uint64_t longest_description = std::uint64_t{64} << 20U;

tl::unexpected<error> refused(const fs::path& path, const char* what, const std::error_code& why) {
  return fail(fault::io_error, path.string() + ": cannot " + what + ": " + why.message());
}

/// Null if the file is missing or no JSON: listing goes on without.
json read_json(const fs::path& file) {
  const auto text = read_file(file, longest_description);
  return text ? parse_json(*text) : json();
}

std::optional<std::int64_t> changed_at(const fs::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0)
    return std::nullopt;
  return static_cast<std::int64_t>(found.st_mtime);
}

double number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

/// Takes the last ranking, which is that of the whole cascade, and of its lists those of 20 items, if there
/// are.
std::optional<offline_metrics> metrics_in(const json& description) {
  if (!description.is_object() || !description.contains("metrics"))
    return std::nullopt;
  const auto& rankings = description["metrics"];
  if (!rankings.is_array() || rankings.empty() || !rankings.back().is_object())
    return std::nullopt;
  const auto& last = rankings.back();
  if (!last.contains("lists") || !last["lists"].is_array() || last["lists"].empty())
    return std::nullopt;
  constexpr double usual = 20;
  const auto& lists = last["lists"];
  const auto* chosen = &lists.back();
  for (const auto& one : lists)
    if (one.is_object() && number_of(one, "k") == usual)
      chosen = &one;
  if (!chosen->is_object())
    return std::nullopt;
  offline_metrics found;
  if (const auto name = last.find("name"); name != last.end() && name->is_string())
    found.ranking = name->get<std::string>();
  found.k = static_cast<std::size_t>(std::max(0.0, number_of(*chosen, "k")));
  found.recall = number_of(*chosen, "recall");
  found.ndcg = number_of(*chosen, "ndcg");
  found.hit_rate = number_of(*chosen, "hit_rate");
  found.mrr = number_of(*chosen, "mrr");
  return found;
}

version_entry describe(const std::string& name, const fs::path& directory) {
  version_entry entry;
  entry.name = name;
  entry.directory = directory;
  entry.published = changed_at(directory / manifest_file);
  if (const auto listed = read_json(directory / manifest_file);
      listed.is_object() && listed.contains("version") && listed["version"].is_string())
    entry.digest = listed["version"].get<std::string>();
  entry.metrics = metrics_in(read_json(directory / "model.json"));
  entry.pinned = is_pinned(directory);
  return entry;
}

/// Returns the directory of a version, complete or not.
result<fs::path> existing_directory(const fs::path& home, const std::string& name) {
  if (name == flat_version)
    return home;
  if (!is_version_name(name))
    return fail(fault::invalid_argument, "\"" + name +
                                             "\": expected the name of a version: letters, digits, dots, "
                                             "hyphens and underscores");
  const auto directory = home / versions_directory / name;
  std::error_code ignored;
  if (!fs::is_directory(directory, ignored))
    return fail(fault::not_found, directory.string() + ": there is no version " + name);
  return directory;
}

bool has_flat_files(const fs::path& home) {
  std::error_code ignored;
  return fs::exists(home / "lightgcn" / "item_embeddings.csv", ignored);
}

} // namespace

result<std::vector<version_entry>> list_versions(const fs::path& home) {
  std::vector<version_entry> all;
  std::error_code failed;
  const auto folder = home / versions_directory;
  if (fs::exists(folder, failed)) {
    auto found = fs::directory_iterator(folder, failed);
    if (failed)
      return refused(folder, "list it", failed);
    for (const auto end = fs::directory_iterator(); found != end; found.increment(failed)) {
      if (failed)
        return refused(folder, "list it", failed);
      const auto name = found->path().filename().string();
      std::error_code ignored;
      if (is_version_name(name) && fs::exists(found->path() / manifest_file, ignored))
        all.push_back(describe(name, found->path()));
    }
  }
  std::sort(all.begin(), all.end(), [](const version_entry& a, const version_entry& b) {
    return std::tie(a.published, a.name) < std::tie(b.published, b.name);
  });
  if (has_flat_files(home)) {
    auto flat = describe(std::string(flat_version), home);
    if (!flat.published)
      flat.published = changed_at(home / "lightgcn" / "item_embeddings.csv");
    all.insert(all.begin(), std::move(flat));
  }
  return all;
}

bool serves_nothing(const fs::path& home) {
  std::error_code ignored;
  return !fs::exists(home / current_entry, ignored) && !has_flat_files(home);
}

result<fs::path> directory_of_version(const fs::path& home, const std::string& name) {
  auto directory = existing_directory(home, name);
  std::error_code ignored;
  if (directory && name != flat_version && !fs::exists(*directory / manifest_file, ignored))
    return fail(fault::conflict, directory->string() + ": is no version yet, as it has no " + manifest_file +
                                     ", which comes last: is it still being copied?");
  return directory;
}

result<void> name_current(const fs::path& home, const fs::path& directory) {
  std::error_code failed;
  auto target =
      fs::weakly_canonical(directory, failed).lexically_relative(fs::weakly_canonical(home, failed));
  if (target.empty() || *target.begin() == "..")
    target = directory;
  const auto current = home / current_entry;
  if (fs::symlink_status(current, failed).type() != fs::file_type::symlink)
    return write_file(current, target.generic_string() + "\n");
  const auto draft = home / ".current.new";
  fs::remove(draft, failed);
  fs::create_directory_symlink(target, draft, failed);
  if (failed)
    return refused(draft, "create it", failed);
  fs::rename(draft, current, failed);
  if (failed)
    return refused(current, "replace it", failed);
  return {};
}

bool is_pinned(const fs::path& directory) {
  std::error_code ignored;
  return fs::exists(directory / pin_file, ignored);
}

result<void> pin_version(const fs::path& home, const std::string& name, bool pinned) {
  const auto directory = existing_directory(home, name);
  if (!directory)
    return tl::unexpected(directory.error());
  if (name == flat_version)
    return fail(fault::conflict, "the flat version cannot be pinned: nothing deletes it");
  if (pinned)
    return write_file(*directory / pin_file, "");
  std::error_code failed;
  fs::remove(*directory / pin_file, failed);
  if (failed)
    return refused(*directory / pin_file, "remove it", failed);
  return {};
}

result<void> delete_version(const fs::path& home, const std::string& name) {
  const auto directory = existing_directory(home, name);
  if (!directory)
    return tl::unexpected(directory.error());
  if (name == flat_version)
    return fail(fault::conflict, "the flat version is the model directory itself and stays");
  if (is_pinned(*directory))
    return fail(fault::conflict, "version " + name + " is pinned");
  std::error_code failed;
  const auto aside = home / versions_directory / (".deleted-" + name); // no reader finds half of it
  fs::remove_all(aside, failed);
  fs::rename(*directory, aside, failed);
  if (failed)
    return refused(*directory, "move it aside", failed);
  fs::remove_all(aside, failed);
  if (failed)
    return refused(aside, "remove it", failed);
  return {};
}

} // namespace winnow
