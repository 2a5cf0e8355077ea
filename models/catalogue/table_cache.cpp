#include "models/catalogue/table_cache.hpp"

#include "config/log/log.hpp"
#include "models/catalogue/kept_table.hpp"
#include "models/files/csv_field.hpp"
#include "models/files/input_file.hpp"
#include "models/files/output_file.hpp"
#include "models/kernels/sum_of_squares.hpp"

#include <cmath>
#include <sstream>

namespace winnow {

namespace {

namespace fs = std::filesystem;

void warn(const char* what, const error& why) {
  log_event(log_level::warning, "models", what, {{"reason", why.message}});
}

// Products of rows up to this length, also of sums of thousands of them, are finite in float32.
constexpr double greatest_length = 1e18;

/// Loads a file of embeddings. Refuses those whose products could overflow: their items would be on no list.
/// Tables that come from the cache were parsed here once.
result<float_table> parse_embeddings(const fs::path& file) {
  auto table = load_float_table(file);
  if (!table)
    return table;
  for (std::size_t row = 0; row < table->ids.size(); ++row) {
    const double length =
        std::sqrt(sum_of_squares({table->values.data() + row * table->width, table->width}));
    if (length <= greatest_length)
      continue;
    std::ostringstream what;
    what << file.string() << ": " << quoted_field(table->ids[row])
         << ": expected an embedding of at most the length " << greatest_length
         << ", whose products are finite, got " << length;
    return fail(fault::malformed, what.str());
  }
  return table;
}

std::string checked(const std::string& text) {
  file_digest digest;
  digest.add_bytes(text);
  return text + " " + digest.hex() + "\n";
}

/// Whether `checked` made the text, i.e. its checksum matches.
bool holds(const std::string& text) {
  const std::size_t end = text.find_last_of(' ');
  return end != std::string::npos && text == checked(text.substr(0, end));
}

/// Returns the key of the cached digest of these files; nullopt if a file is missing.
/// @param rests Set to whether no file changed within the last `at_rest`.
std::optional<std::string> key_of(const std::vector<fs::path>& files, std::chrono::nanoseconds at_rest,
                                  bool& rests) {
  std::string key = "winnow digest 2\n";
  rests = true;
  for (const auto& file : files) {
    const auto stamp = stamp_of(file);
    if (!stamp)
      return std::nullopt;
    rests = rests && stamp->at_rest(at_rest);
    for (const auto number :
         {static_cast<std::int64_t>(stamp->device), static_cast<std::int64_t>(stamp->inode),
          static_cast<std::int64_t>(stamp->size), stamp->modified, stamp->changed})
      key += std::to_string(number) + " ";
    key += file.filename().string() + "\n";
  }
  return key;
}

constexpr std::size_t digest_digits = 16;

/// The digests as they stand in the cache behind the key, without the sizes, which are in the key.
std::string to_text(const file_digests& digests) {
  auto text = digests.all;
  for (const auto& one : digests.each)
    text += one.hex;
  return text;
}

/// The inverse. @param text Of the length that `files` require.
file_digests from_text(std::string_view text, const std::vector<fs::path>& files) {
  file_digests digests{std::string(text.substr(0, digest_digits)), {}};
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::error_code ignored;
    digests.each.push_back(
        {fs::file_size(files[i], ignored), std::string(text.substr((i + 1) * digest_digits, digest_digits))});
  }
  return digests;
}

} // namespace

fs::path prepare_cache_directory(const fs::path& model_directory, const std::vector<fs::path>& tables) {
  constexpr std::uintmax_t worthwhile_bytes = 16 << 20;
  auto directory = model_directory / model_cache_directory;
  std::error_code none;
  std::uintmax_t bytes = 0;
  for (const auto& file : tables)
    if (const auto size = fs::file_size(file, none); !none)
      bytes += size;
  if (bytes >= worthwhile_bytes)
    fs::create_directory(directory, none);
  return directory;
}

table_cache::table_cache(fs::path directory, cache_reading reading, std::chrono::nanoseconds at_rest)
    : at_rest_(at_rest), reading_(reading) {
  std::error_code ignored;
  if (fs::is_directory(directory, ignored))
    directory_ = std::move(directory);
}

/// Logs why a cached file was not used, unless it does not exist.
void table_cache::warn_unused(const error& why) {
  if (why.cause != fault::not_found)
    warn("cache not used", why);
}

void table_cache::warn_unwritten(const error& why) {
  warn("cache not written", why);
}

result<float_table> table_cache::load(const fs::path& file) const {
  cached_form<float_table> form;
  form.read_back = true;
  form.parse = [&] { return parse_embeddings(file); };
  form.read = [&](const auto& kept, const auto& source) {
    return read_kept_table(kept, source, reading_.lock);
  };
  form.keep = keep_table;
  return load(file, form);
}

result<row_table> table_cache::load_rows(const fs::path& file) const {
  const bool half = reading_.precision == table_precision::half;
  cached_form<row_table> form;
  form.suffix = half ? ".half" : ".table";
  form.read_back = true;
  form.parse = [&]() -> result<row_table> {
    auto table = parse_embeddings(file);
    if (!table)
      return tl::unexpected(table.error());
    stored_rows rows(table->width, std::move(table->values));
    return row_table{std::move(table->ids), std::move(table->columns),
                     half ? rows.halved() : std::move(rows)};
  };
  form.read = [&](const auto& kept, const auto& source) {
    return read_kept_rows(kept, source, reading_.precision, reading_.lock);
  };
  form.keep = keep_rows;
  return load(file, form);
}

result<file_digests> table_cache::digest(const std::vector<fs::path>& files, const char* entry) const {
  bool rests = false;
  const auto key = directory_.empty() ? std::nullopt : key_of(files, at_rest_, rests);
  if (!key)
    return digest_files(files);
  const auto kept = directory_ / entry;
  constexpr std::uint64_t longest = 1U << 20U;
  if (const auto text = read_file(kept, longest); !text)
    warn_unused(text.error());
  else if (!holds(*text))
    warn_unused({fault::malformed, kept.string() + ": its checksum does not match"});
  else if (text->compare(0, key->size(), *key) == 0)
    return from_text(std::string_view(*text).substr(key->size()), files);
  auto digests = digest_files(files);
  bool rests_still = false;
  if (digests && rests && key_of(files, at_rest_, rests_still) == key)
    if (auto written = write_file(kept, checked(*key + to_text(*digests)), for_cache); !written)
      warn_unwritten(written.error());
  return digests;
}

} // namespace winnow
