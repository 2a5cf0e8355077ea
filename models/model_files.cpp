#include "models/model_files.hpp"

#include "config/files/file_name.hpp"
#include "models/files/input_file.hpp"
#include "models/manifest.hpp"
#include "models/registry/version_directory.hpp"

#include <string>
#include <system_error>

namespace winnow {

namespace {

namespace fs = std::filesystem;

constexpr const char* items_file_name = "items.csv";

/// Resolves the links of a path if it has any; otherwise keeps it as it was given, for messages.
fs::path without_links(const fs::path& path) {
  std::error_code failed;
  auto resolved = fs::canonical(path, failed);
  if (failed || resolved == fs::absolute(path, failed).lexically_normal())
    return path;
  return resolved;
}

/// Reads the name of a directory from a file that `current` is instead of a link.
result<fs::path> named_in(const fs::path& current) {
  constexpr std::uint64_t longest = 4096;
  auto text = read_file(current, longest);
  if (!text)
    return tl::unexpected(text.error());
  const auto end = text->find_last_not_of(" \t\r\n");
  text->erase(end == std::string::npos ? 0 : end + 1);
  if (text->empty() || text->find('\n') != std::string::npos)
    return fail(fault::malformed, current.string() + ": expected the name of one directory, got " +
                                      (text->empty() ? "nothing" : "several lines"));
  return current.parent_path() / *text;
}

result<fs::path> directory_of(const model_settings& settings) {
  const fs::path configured = settings.dir;
  std::error_code ignored;
  if (!fs::is_directory(configured, ignored))
    return fail(fault::not_found,
                "model directory " + configured.string() +
                    (fs::exists(configured, ignored) ? " is no directory" : " does not exist"));
  if (!settings.version.empty()) {
    const auto version = directory_of_version(configured, settings.version);
    return version ? without_links(*version) : version;
  }
  const auto current = configured / current_entry;
  if (fs::symlink_status(current, ignored).type() == fs::file_type::not_found)
    return without_links(configured);
  auto named = fs::is_regular_file(current, ignored) ? named_in(current) : current;
  if (!named)
    return named;
  if (!fs::is_directory(*named, ignored))
    return fail(fault::not_found, current.string() + ": names " +
                                      (*named == current ? "no directory" : named->string()) +
                                      ", expected an existing directory");
  return without_links(*named);
}

} // namespace

fs::path items_file_of(const fs::path& home, const fs::path& directory) {
  const auto of_shop = home / items_file_name;
  return is_absent(of_shop) ? directory / items_file_name : of_shop;
}

result<model_paths> locate_models(const model_settings& settings) {
  auto directory = directory_of(settings);
  if (!directory)
    return tl::unexpected(directory.error());
  model_paths paths;
  const fs::path dir = paths.directory = std::move(*directory);
  paths.user_embeddings = dir / "lightgcn" / "user_embeddings.csv";
  paths.item_embeddings = dir / "lightgcn" / "item_embeddings.csv";
  paths.folding = fold_in_paths_of(dir);
  paths.din = dir / "din" / "best_model.pth";
  paths.ranknet = dir / "ranknet" / "best_model.pth";
  paths.possible = {paths.user_embeddings, paths.item_embeddings, paths.din,
                    paths.ranknet,         paths.folding.items,   paths.folding.users};
  const auto optional = [&](const std::string& named, const char* name) {
    const auto path = named.empty() ? dir / name : fs::path(named);
    paths.possible.push_back(path);
    return named.empty() && is_absent(path) ? fs::path() : path;
  };
  paths.item_features = optional(settings.item_features, "item_features.csv");
  paths.interactions = optional(settings.interactions, "lightgcn_data.csv");
  paths.popularity = optional({}, "popularity.csv");
  if (paths.interactions.empty())
    paths.interactions = paths.popularity;
  const auto attributes = items_file_of(settings.dir, dir);
  paths.possible.push_back(fs::path(settings.dir) / items_file_name);
  paths.possible.push_back(dir / items_file_name);
  if (!is_absent(attributes))
    paths.attributes = attributes;
  paths.transitions = optional({}, "transitions.csv");
  paths.description = optional({}, "model.json");
  paths.manifest = optional({}, manifest_file);
  return paths;
}

std::vector<fs::path> model_paths::used(bool with_recent) const {
  std::vector<fs::path> files;
  for (const auto* path : {&user_embeddings, &item_embeddings, &din, &ranknet, &item_features, &interactions,
                           &transitions, &description, &folding.items, &folding.users})
    if (!is_absent(*path)) // only optional files can be missing here
      files.push_back(*path);
  if (with_recent && !popularity.empty() && popularity != interactions)
    files.push_back(popularity);
  return files;
}

} // namespace winnow
