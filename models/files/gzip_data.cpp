#include "models/files/gzip_data.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <zlib.h>

namespace winnow {

namespace {

constexpr std::size_t packed_bytes = std::size_t{256} << 10U;
constexpr int gzip_alone = 16 + MAX_WBITS; // what inflateInit2 takes for gzip

Bytef* bytes_of(char* text) {
  return reinterpret_cast<Bytef*>(text);
}

} // namespace

void gzip_data::closer::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

gzip_data::gzip_data(std::string name) : name_(std::move(name)), stream_(new z_stream_s()) {}

result<std::size_t> gzip_data::read(input_file& file, char* into, std::size_t capacity) {
  stream_->next_out = bytes_of(into);
  stream_->avail_out = static_cast<uInt>(capacity);
  while (stream_->avail_out > 0 && place_ != place::end)
    if (auto done = step(file); !done)
      return tl::unexpected(done.error());
  return capacity - stream_->avail_out;
}

/// Moves what is left of the packed bytes to the front, and reads more behind them.
result<void> gzip_data::refill(input_file& file) {
  packed_.resize(packed_bytes);
  const std::size_t left = stream_->avail_in;
  if (left > 0)
    std::memmove(packed_.data(), stream_->next_in, left);
  const auto got = file.read(packed_.data() + left, packed_.size() - left);
  if (!got)
    return tl::unexpected(got.error());
  is_read_ = *got == 0;
  stream_->next_in = bytes_of(packed_.data());
  stream_->avail_in = static_cast<uInt>(left + *got);
  return {};
}

bool gzip_data::begins_member() const {
  return stream_->avail_in > 1 && stream_->next_in[0] == 0x1F && stream_->next_in[1] == 0x8B;
}

/// Goes on from the current place.
result<void> gzip_data::step(input_file& file) {
  const bool needs_first_bytes = place_ == place::beginning || place_ == place::behind_member;
  while (needs_first_bytes && stream_->avail_in < 2 && !is_read_)
    if (auto more = refill(file); !more)
      return more;
  switch (place_) {
  case place::beginning:
    place_ = begins_member() ? place::member : place::plain;
    if (place_ == place::member && inflateInit2(stream_.get(), gzip_alone) != Z_OK)
      return fail(fault::internal, name_ + ": zlib cannot unpack gzip");
    return {};
  case place::plain:
    return copy_plain(file);
  case place::member:
    return unpack(file);
  case place::behind_member:
    if (!begins_member())
      return expect_nothing_more(file);
    inflateReset(stream_.get());
    place_ = place::member;
    return {};
  case place::end:
    break;
  }
  return {};
}

/// Passes on what was read to look for gzip; the bytes behind it are read to where they belong.
result<void> gzip_data::copy_plain(input_file& file) {
  std::size_t count = std::min(stream_->avail_in, stream_->avail_out);
  if (count > 0) {
    std::memcpy(stream_->next_out, stream_->next_in, count);
    stream_->next_in += count;
    stream_->avail_in -= static_cast<uInt>(count);
  } else {
    const auto got = file.read(reinterpret_cast<char*>(stream_->next_out), stream_->avail_out);
    if (!got)
      return tl::unexpected(got.error());
    count = *got;
    if (count == 0)
      place_ = place::end;
  }
  stream_->next_out += count;
  stream_->avail_out -= static_cast<uInt>(count);
  return {};
}

result<void> gzip_data::unpack(input_file& file) {
  if (stream_->avail_in == 0)
    if (auto more = refill(file); !more)
      return more;
  switch (inflate(stream_.get(), Z_NO_FLUSH)) {
  case Z_STREAM_END:
    place_ = place::behind_member;
    return {};
  case Z_OK:
    return {};
  case Z_BUF_ERROR: // all that is there is unpacked
    if (!is_read_)
      return {};
    return fail(fault::malformed, name_ + ": damaged gzip: unexpected end of file");
  default:
    return fail(fault::malformed,
                name_ + ": damaged gzip: " + (stream_->msg != nullptr ? stream_->msg : "no gzip data"));
  }
}

/// Reads to the end of the file. Only zeros may be behind the last member.
result<void> gzip_data::expect_nothing_more(input_file& file) {
  std::uint64_t bytes = 0;
  bool are_zeros = true;
  while (stream_->avail_in > 0) {
    const auto* rest = stream_->next_in;
    are_zeros =
        are_zeros && std::all_of(rest, rest + stream_->avail_in, [](Bytef byte) { return byte == 0; });
    bytes += stream_->avail_in;
    stream_->avail_in = 0;
    if (auto more = refill(file); !more)
      return more;
  }
  if (!are_zeros)
    return fail(fault::malformed, name_ + ": " + std::to_string(bytes) +
                                      " bytes behind the gzip data, expected its end or more gzip data");
  place_ = place::end;
  return {};
}

} // namespace winnow
