#include "models/files/part_files.hpp"

#include "models/files/input_file.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace winnow {

namespace {

namespace fs = std::filesystem;

constexpr int deepest = 8; // folders below each other

/// What a folder has.
struct folder_content {
  std::vector<fs::path> parts;
  std::vector<std::string> others; ///< Names of what is no part and not hidden.
};

/// Adds what is in a folder and its sub-folders. Sets `failed` if one cannot be read.
void collect(const fs::path& folder, int depth, folder_content& into, std::error_code& failed) {
  for (fs::directory_iterator entry(folder, failed); !failed && entry != fs::directory_iterator();
       entry.increment(failed)) {
    const auto name = entry->path().filename().string();
    std::error_code unknown;
    if (name.front() == '_' || name.front() == '.')
      continue;
    if (name.rfind("part-", 0) == 0)
      into.parts.push_back(entry->path());
    else if (name.find('=') != std::string::npos && depth < deepest && entry->is_directory(unknown))
      collect(entry->path(), depth + 1, into, failed);
    else
      into.others.push_back(name);
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
  folder_content found;
  std::error_code failed;
  collect(path, 0, found, failed);
  if (failed)
    return fail(fault::io_error, path.string() + ": cannot read the folder: " + failed.message());
  if (found.parts.empty())
    return fail(fault::not_found,
                path.string() + ": expected a file, or a folder with part-… files, found none");
  std::sort(found.parts.begin(), found.parts.end());
  return regular_files(std::move(found.parts));
}

std::vector<std::string> left_out_beside_parts(const fs::path& path) {
  folder_content found;
  std::error_code failed; // also if it is no folder
  collect(path, 0, found, failed);
  std::sort(found.others.begin(), found.others.end());
  return found.others;
}

} // namespace winnow
