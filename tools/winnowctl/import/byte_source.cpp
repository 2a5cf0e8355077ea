#include "tools/winnowctl/import/byte_source.hpp"

#include <filesystem>

namespace winnow {

namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 18U;

} // namespace

result<byte_source> byte_source::open(const std::string& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return fail(fault::io_error, path + ": expected a file");
  auto file = text_file::open(path, text_file::packing::gzip_too);
  if (!file)
    return tl::unexpected(file.error());
  return byte_source(path, std::move(*file));
}

result<bool> byte_source::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const auto before = buffer_.size();
  buffer_.resize(before + chunk_bytes);
  const auto got = file_.read(buffer_.data() + before, chunk_bytes);
  buffer_.resize(before + got.value_or(0));
  if (!got)
    return tl::unexpected(got.error());
  return *got > 0;
}

std::string byte_source::cut(std::size_t count) {
  auto piece = buffer_.substr(begin_, count);
  begin_ += count;
  return piece;
}

result<std::string_view> byte_source::peek(std::size_t count) {
  while (buffer_.size() - begin_ < count) {
    const auto more = fill();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      break;
  }
  return std::string_view(buffer_).substr(begin_, count);
}

result<std::optional<std::string>> byte_source::line() {
  std::size_t looked = 0; // bytes of the line that have no line end
  while (true) {
    if (const auto end = buffer_.find('\n', begin_ + looked); end != std::string::npos) {
      auto text = cut(end - begin_);
      ++begin_;
      if (!text.empty() && text.back() == '\r')
        text.pop_back();
      return std::optional(std::move(text));
    }
    looked = buffer_.size() - begin_;
    if (looked > most_line_bytes)
      return fail(fault::too_large, name_ + ": a line is longer than 64 MiB");
    const auto more = fill();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return looked == 0 ? std::nullopt : std::optional(cut(looked));
  }
}

result<std::optional<std::string>> byte_source::take(std::size_t count) {
  const auto found = peek(count);
  if (!found)
    return tl::unexpected(found.error());
  if (found->size() < count)
    return std::optional<std::string>();
  return std::optional(cut(count));
}

} // namespace winnow
