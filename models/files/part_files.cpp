#include "models/files/part_files.hpp"

#include "models/files/input_file.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace winnow {

namespace {

namespace fs = std::filesystem;

constexpr int deepest = 8; // folders below each other

/// Adds the parts in a folder and its sub-folders. Sets `failed` if one cannot be read.
void collect(const fs::path& folder, int depth, std::vector<fs::path>& parts, std::error_code& failed) {
  for (fs::directory_iterator entry(folder, failed); !failed && entry != fs::directory_iterator();
       entry.increment(failed)) {
    const auto name = entry->path().filename().string();
    std::error_code unknown;
    if (name.front() == '_' || name.front() == '.')
      continue;
    if (name.rfind("part-", 0) == 0)
      parts.push_back(entry->path());
    else if (name.find('=') != std::string::npos && depth < deepest && entry->is_directory(unknown))
      collect(entry->path(), depth + 1, parts, failed);
  }
}

result<std::vector<fs::path>> regular_files(std::vector<fs::path> files) {
  for (const auto& file : files)
    if (auto regular = expect_regular_file(file); !regular)
      return tl::unexpected(regular.error());
  return files;
}

} // namespace

result<std::vector<fs::path>> part_files_of(const fs::path& path, file_kinds allowed) {
  std::error_code unknown;
  if (!fs::is_directory(path, unknown))
    return allowed == file_kinds::regular ? regular_files({path}) : std::vector<fs::path>{path};
  if (fs::exists(path / "_temporary", unknown))
    return fail(fault::malformed,
                path.string() + ": the job that writes this folder has not finished (_temporary)");
  std::vector<fs::path> parts;
  std::error_code failed;
  collect(path, 0, parts, failed);
  if (failed)
    return fail(fault::io_error, path.string() + ": cannot read the folder: " + failed.message());
  if (parts.empty())
    return fail(fault::not_found,
                path.string() + ": expected a file, or a folder with part-… files, found none");
  std::sort(parts.begin(), parts.end());
  return regular_files(std::move(parts));
}

} // namespace winnow
