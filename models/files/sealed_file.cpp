#include "models/files/sealed_file.hpp"

#include "models/files/file_digest.hpp"
#include "models/files/output_file.hpp"

#include <algorithm>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace winnow {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20U;
constexpr std::size_t checked_whole = 64; // blocks; of larger files a sample can be checked
constexpr std::size_t sampled = 32;       // blocks

/// The end of the file.
struct seal {
  std::uint64_t form = 0; ///< Identifies sealed files; a machine with the other byte order reads another.
  std::uint64_t body_bytes = 0;
  std::uint64_t digest = 0; ///< Of the checksums and the size.
};

constexpr std::uint64_t form = 0x316C6165536E5457;

std::uint64_t digest_of(std::string_view sums, std::uint64_t body_bytes) {
  return XXH3_64bits_withSeed(sums.data(), sums.size(), body_bytes);
}

/// Computes the checksum of each block of what is added.
class block_sums {
public:
  void add(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto piece = bytes.substr(0, block_bytes - filled_);
      block_.add(piece);
      filled_ += piece.size();
      bytes.remove_prefix(piece.size());
      if (filled_ == block_bytes)
        finish_block();
    }
  }

  std::vector<std::uint64_t> finish() {
    if (filled_ > 0)
      finish_block();
    return std::move(sums_);
  }

private:
  struct hash {
    hash() : state(XXH3_createState(), XXH3_freeState) { XXH3_64bits_reset(state.get()); }
    void add(std::string_view bytes) { XXH3_64bits_update(state.get(), bytes.data(), bytes.size()); }
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state;
  };

  void finish_block() {
    sums_.push_back(XXH3_64bits_digest(block_.state.get()));
    XXH3_64bits_reset(block_.state.get());
    filled_ = 0;
  }

  hash block_;
  std::size_t filled_ = 0;
  std::vector<std::uint64_t> sums_;
};

} // namespace

std::string seal_of(gsl::span<const std::string_view> parts) {
  block_sums blocks;
  seal end{form, 0, 0};
  for (const auto part : parts) {
    blocks.add(part);
    end.body_bytes += part.size();
  }
  const auto sums = blocks.finish();
  std::string text(bytes_of(sums.data(), sums.size()));
  end.digest = digest_of(text, end.body_bytes);
  return text.append(bytes_of(&end, 1));
}

result<void> write_sealed(const std::filesystem::path& to, const std::vector<std::string_view>& parts) {
  const auto end = seal_of(parts);
  auto all = parts;
  all.emplace_back(end);
  output_manner manner;
  manner.many_writers = true;
  manner.read_only = true;
  return write_file(to, all, manner);
}

result<sealed_file> sealed_file::open(const std::filesystem::path& from) {
  auto file = mapped_file::open(from);
  if (!file)
    return tl::unexpected(file.error());
  sealed_file opened(from, std::move(*file));
  if (!opened.find_seal())
    return opened.refuse("cut off, damaged or written in another format version");
  return opened;
}

bool sealed_file::find_seal() {
  const auto content = file_->content();
  seal end;
  if (content.size() < sizeof end)
    return false;
  std::memcpy(&end, content.data() + content.size() - sizeof end, sizeof end);
  const auto before = content.substr(0, content.size() - sizeof end);
  if (end.form != form || end.body_bytes > before.size())
    return false;
  body_ = before.substr(0, end.body_bytes);
  sums_ = before.substr(end.body_bytes);
  return sums_.size() == blocks() * sizeof(std::uint64_t) && digest_of(sums_, end.body_bytes) == end.digest;
}

std::size_t sealed_file::blocks() const noexcept {
  return (body_.size() + block_bytes - 1) / block_bytes;
}

bool sealed_file::matches(std::size_t block) const {
  const auto bytes = body_.substr(block * block_bytes, block_bytes);
  std::uint64_t sum = 0;
  std::memcpy(&sum, sums_.data() + block * sizeof sum, sizeof sum);
  return XXH3_64bits(bytes.data(), bytes.size()) == sum;
}

bool sealed_file::is_whole() const {
  for (std::size_t block = 0; block < blocks(); ++block)
    if (!matches(block))
      return false;
  return true;
}

bool sealed_file::seems_whole() const {
  if (blocks() <= checked_whole)
    return is_whole();
  for (std::size_t i = 0; i < sampled; ++i)
    if (!matches(i * (blocks() - 1) / (sampled - 1)))
      return false;
  return true;
}

tl::unexpected<error> sealed_file::refuse(const char* reason) const {
  return fail(fault::malformed, from_.string() + ": " + reason);
}

} // namespace winnow
