#include "models/training/checkpoint_writer.hpp"

#include "models/files/output_file.hpp"

#include <limits>
#include <string_view>
#include <zlib.h>

namespace winnow {

namespace {

template<class T>
void append_little_endian(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i)
    out.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * i & 0xFFU));
}

/// Writes the subset of pickle protocol 2 that a state dict needs.
class pickle_writer {
public:
  pickle_writer() { out_ += "\x80\x02"; }

  std::string finish() && {
    out_.push_back('.');
    return std::move(out_);
  }

  void text(const std::string& value) {
    out_.push_back('X');
    append_little_endian(out_, static_cast<std::uint32_t>(value.size()));
    out_ += value;
  }
  void number(std::int64_t value) {
    if (value >= 0 && value <= std::numeric_limits<std::int32_t>::max()) {
      out_.push_back('J');
      append_little_endian(out_, static_cast<std::uint32_t>(value));
    } else {
      out_ += "\x8a\x08"; // LONG1 of 8 bytes
      append_little_endian(out_, static_cast<std::uint64_t>(value));
    }
  }
  void numbers(const std::vector<std::int64_t>& values) {
    out_.push_back('(');
    for (const auto value : values)
      number(value);
    out_.push_back('t');
  }
  void list(const std::vector<std::int64_t>& values) {
    out_ += "](";
    for (const auto value : values)
      number(value);
    out_.push_back('e');
  }
  void global(const char* module, const char* name) {
    out_ += std::string("c") + module + "\n" + name + "\n";
  }
  void empty_ordered_dict() {
    global("collections", "OrderedDict");
    out_ += ")R";
  }
  void empty_dict() { out_.push_back('}'); }
  void begin_items() { out_.push_back('('); }
  void end_items() { out_.push_back('u'); }

  /// torch._utils._rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())
  void tensor(const std::string& storage, bool integer, const std::vector<std::int64_t>& shape) {
    std::vector<std::int64_t> strides(shape.size());
    std::int64_t elements = 1;
    for (auto at = shape.size(); at-- > 0;) {
      strides[at] = elements;
      elements *= shape[at];
    }
    global("torch._utils", "_rebuild_tensor_v2");
    out_ += "((";
    text("storage");
    global("torch", integer ? "LongStorage" : "FloatStorage");
    text(storage);
    text("cpu");
    number(elements);
    out_ += "tQ";
    number(0);
    numbers(shape);
    numbers(strides);
    out_.push_back('\x89');
    empty_ordered_dict();
    out_ += "tR";
  }

private:
  std::string out_;
};

bool is_counter(const named_tensor& tensor) {
  return tensor.shape.empty();
}

std::string pickled(const checkpoint_content& content) {
  pickle_writer pickle;
  const bool wrapped = !content.key.empty();
  if (wrapped) {
    pickle.empty_dict();
    pickle.begin_items();
    pickle.text(content.key);
  }
  pickle.empty_ordered_dict();
  pickle.begin_items();
  for (std::size_t i = 0; i < content.tensors.size(); ++i) {
    pickle.text(content.tensors[i].name);
    pickle.tensor(std::to_string(i), is_counter(content.tensors[i]), content.tensors[i].shape);
  }
  pickle.end_items();
  if (wrapped && !content.settings_key.empty()) {
    pickle.text(content.settings_key);
    pickle.empty_dict();
    pickle.begin_items();
    for (const auto& [name, values] : content.settings) {
      pickle.text(name);
      if (values.size() == 1)
        pickle.number(values.front());
      else
        pickle.list(values);
    }
    pickle.end_items();
  }
  if (wrapped)
    pickle.end_items();
  return std::move(pickle).finish();
}

/// The bytes of a counter as it is written.
std::string counter_bytes(const named_tensor& tensor) {
  std::string bytes;
  append_little_endian(bytes, static_cast<std::uint64_t>(tensor.values.at(0)));
  return bytes;
}

std::string_view bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// Writes a zip archive of stored records, each on a 64-byte boundary as in PyTorch's archives.
class zip_writer {
public:
  explicit zip_writer(output_file& file) : file_(file) {}

  result<void> add(const std::string& name, std::string_view content) {
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
    constexpr std::size_t fixed_header = 30, extra_header = 4, alignment = 64;
    const auto before_padding = offset_ + fixed_header + name.size() + extra_header;
    const auto padding = (alignment - before_padding % alignment) % alignment;
    const auto size = static_cast<std::uint32_t>(content.size());

    std::string common; // part of both headers, from "version needed" on
    append_little_endian<std::uint16_t>(common, 20);
    append_little_endian<std::uint16_t>(common, 0x0800); // names are UTF-8
    append_little_endian<std::uint16_t>(common, 0);      // stored
    // A fixed time, midnight of 1980-01-01, so that the same content gives the same bytes.
    append_little_endian<std::uint16_t>(common, 0);
    append_little_endian<std::uint16_t>(common, 0x21);
    append_little_endian(common, crc);
    append_little_endian(common, size);
    append_little_endian(common, size);
    append_little_endian(common, static_cast<std::uint16_t>(name.size()));

    central_ += std::string("PK\x01\x02\x14\x00", 6) + common;
    central_.append(10, '\0'); // no extra field, no comment, disk 0, no attributes
    central_.append(2, '\0');
    append_little_endian(central_, static_cast<std::uint32_t>(offset_));
    central_ += name;
    ++records_;

    std::string local = "PK\x03\x04" + common;
    append_little_endian(local, static_cast<std::uint16_t>(extra_header + padding));
    local += name + "FB";
    append_little_endian(local, static_cast<std::uint16_t>(padding));
    local.append(padding, 'Z');
    offset_ += local.size() + content.size();
    if (offset_ > std::numeric_limits<std::uint32_t>::max() - (std::uint64_t{1} << 20U))
      return fail(fault::too_large, file_.path().string() + ": expected less than 4 GB of tensors");
    if (auto written = file_.write(local); !written)
      return written;
    return file_.write(content);
  }

  result<void> finish() {
    std::string end("PK\x05\x06\0\0\0\0", 8);
    append_little_endian(end, records_);
    append_little_endian(end, records_);
    append_little_endian(end, static_cast<std::uint32_t>(central_.size()));
    append_little_endian(end, static_cast<std::uint32_t>(offset_));
    append_little_endian<std::uint16_t>(end, 0);
    if (auto written = file_.write(central_); !written)
      return written;
    return file_.write(end);
  }

private:
  output_file& file_;
  std::string central_;
  std::uint64_t offset_ = 0;
  std::uint16_t records_ = 0;
};

} // namespace

result<void> write_checkpoint(const std::filesystem::path& path, const checkpoint_content& content) {
  auto file = output_file::create(path);
  if (!file)
    return tl::unexpected(file.error());
  zip_writer zip(*file);
  const std::string root = "archive/";
  if (auto added = zip.add(root + "data.pkl", pickled(content)); !added)
    return added;
  for (std::size_t i = 0; i < content.tensors.size(); ++i) {
    const auto& tensor = content.tensors[i];
    const auto name = root + "data/" + std::to_string(i);
    if (auto added = is_counter(tensor) ? zip.add(name, counter_bytes(tensor))
                                        : zip.add(name, bytes_of(tensor.values));
        !added)
      return added;
  }
  if (auto added = zip.add(root + "version", "3\n"); !added)
    return added;
  if (auto finished = zip.finish(); !finished)
    return finished;
  return file->close();
}

} // namespace winnow
