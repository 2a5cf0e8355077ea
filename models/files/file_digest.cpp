#include "models/files/file_digest.hpp"

#include "models/files/input_file.hpp"

#include <cstdio>
#include <vector>
#include <xxhash.h>

namespace winnow {

struct file_digest::hash_state {
  XXH3_state_t* xxh = XXH3_createState();
  ~hash_state() { XXH3_freeState(xxh); }
};

file_digest::file_digest() : state_(std::make_unique<hash_state>()) {
  XXH3_64bits_reset(state_->xxh);
}

file_digest::~file_digest() = default;
file_digest::file_digest(file_digest&&) noexcept = default;

result<std::uint64_t> file_digest::add(const std::filesystem::path& file, file_digest* content) {
  auto input = input_file::open(file);
  if (!input)
    return tl::unexpected(input.error());
  // The size is hashed first, so that moving bytes from one file to the next changes the digest.
  const std::uint64_t size = input->size();
  XXH3_64bits_update(state_->xxh, &size, sizeof size);
  std::vector<char> chunk(std::size_t{1} << 20U);
  while (true) {
    const auto count = input->read(chunk.data(), chunk.size());
    if (!count)
      return tl::unexpected(count.error());
    if (*count == 0)
      return size;
    XXH3_64bits_update(state_->xxh, chunk.data(), *count);
    if (content != nullptr)
      XXH3_64bits_update(content->state_->xxh, chunk.data(), *count);
  }
}

void file_digest::add_bytes(std::string_view bytes) {
  XXH3_64bits_update(state_->xxh, bytes.data(), bytes.size());
}

std::string file_digest::hex() const {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(XXH3_64bits_digest(state_->xxh)));
  return text;
}

result<file_digests> digest_files(const std::vector<std::filesystem::path>& files) {
  file_digest all;
  file_digests digests;
  for (const auto& file : files) {
    file_digest content;
    const auto bytes = all.add(file, &content);
    if (!bytes)
      return tl::unexpected(bytes.error());
    digests.each.push_back({*bytes, content.hex()});
  }
  digests.all = all.hex();
  return digests;
}

} // namespace winnow
