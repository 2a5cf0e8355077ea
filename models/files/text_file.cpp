#include "models/files/text_file.hpp"

namespace winnow {

result<text_file> text_file::open(const std::filesystem::path& path, packing allowed) {
  const bool plain = allowed == packing::as_it_is;
  auto file = input_file::open(path, plain ? file_kinds::regular : file_kinds::pipes_too);
  if (!file)
    return tl::unexpected(file.error());
  text_file text(std::move(*file));
  if (!plain)
    text.gzip_ = std::make_unique<gzip_data>(path.string());
  return text;
}

result<std::size_t> text_file::read(char* into, std::size_t capacity) {
  return gzip_ ? gzip_->read(file_, into, capacity) : file_.read(into, capacity);
}

} // namespace winnow
