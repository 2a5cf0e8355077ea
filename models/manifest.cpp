#include "models/manifest.hpp"

#include "config/text/json_text.hpp"
#include "models/files/input_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

namespace winnow {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t digest_digits = 16;

bool is_digest(const nlohmann::json& value) {
  if (!value.is_string())
    return false;
  const auto& text = value.get_ref<const std::string&>();
  return text.size() == digest_digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string describe(std::uint64_t bytes, const std::string& digest) {
  return std::to_string(bytes) + " bytes with the digest " + digest;
}

} // namespace

result<manifest> read_manifest(const fs::path& file) {
  constexpr std::uint64_t longest = 1U << 20U;
  const auto text = read_file(file, longest);
  if (!text)
    return tl::unexpected(text.error());
  const auto refuse = [&](const std::string& what) {
    return fail(fault::malformed, file.string() + ": " + what);
  };
  const auto parsed = parse_json(*text);
  if (!parsed.is_object() || !parsed.contains("files") || !parsed["files"].is_object())
    return refuse("expected a JSON object with the object \"files\"");
  manifest all;
  for (const auto& [name, entry] : parsed["files"].items()) {
    if (!entry.is_object() || !entry.contains("bytes") || !entry["bytes"].is_number_unsigned() ||
        !entry.contains("xxh3") || !is_digest(entry["xxh3"]))
      return refuse(R"(files: ")" + name +
                    R"(": expected "bytes", a number, and "xxh3", 16 hexadecimal digits)");
    all[name] = {entry["bytes"].get<std::uint64_t>(), entry["xxh3"].get<std::string>()};
  }
  return all;
}

result<std::string> make_manifest(const fs::path& directory, const std::vector<std::string>& files,
                                  const std::string& version) {
  std::vector<fs::path> paths;
  paths.reserve(files.size());
  for (const auto& name : files)
    paths.push_back(directory / name);
  const auto digests = digest_files(paths);
  if (!digests)
    return tl::unexpected(digests.error());
  auto listed = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < files.size(); ++i)
    listed[files[i]] = {{"bytes", digests->each[i].bytes}, {"xxh3", digests->each[i].hex}};
  auto text = nlohmann::ordered_json::object();
  if (!version.empty())
    text["version"] = version;
  text["files"] = std::move(listed);
  return text.dump(2) + "\n";
}

std::string digest_of_manifest(const fs::path& directory) {
  std::error_code ignored;
  const auto file = directory / manifest_file;
  if (!fs::exists(file, ignored))
    return {};
  file_digest digest;
  return digest.add(file) ? digest.hex() : std::string();
}

result<void> check_manifest(const fs::path& file, const std::vector<fs::path>& used,
                            const file_digests& digests, const std::vector<fs::path>& possible) {
  const auto listed = read_manifest(file);
  if (!listed)
    return tl::unexpected(listed.error());
  const auto directory = file.parent_path();
  const auto name_of = [&](const fs::path& path) {
    return path.lexically_relative(directory).generic_string();
  };
  const auto refuse = [&](const std::string& name, const std::string& expected, const std::string& got) {
    return fail(fault::conflict, file.string() + ": " + name + ": expected " + expected + ", got " + got +
                                     "; the directory is being replaced, or the manifest is out of date");
  };
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto found = listed->find(name_of(used[i]));
    if (found == listed->end())
      continue;
    const auto& [bytes, digest] = found->second;
    if (bytes != digests.each[i].bytes || digest != digests.each[i].hex)
      return refuse(found->first, describe(bytes, digest),
                    describe(digests.each[i].bytes, digests.each[i].hex));
  }
  std::error_code ignored;
  for (const auto& path : possible)
    if (const auto found = listed->find(name_of(path)); found != listed->end() && !fs::exists(path, ignored))
      return refuse(found->first, describe(found->second.bytes, found->second.digest), "no file");
  return {};
}

} // namespace winnow
