#include "models/checkpoint/checkpoint.hpp"

#include "models/checkpoint/pickle_reader.hpp"
#include "models/checkpoint/state_dict.hpp"
#include "models/checkpoint/tensor_storage.hpp"
#include "models/checkpoint/zip_archive.hpp"
#include "models/files/foreign_format.hpp"
#include "models/files/input_file.hpp"

#include <algorithm>
#include <cmath>

namespace winnow {

namespace {

/// The records of a checkpoint's archive. All are in one folder, which torch.save names after the file.
struct saved_records {
  zip_archive archive;
  std::string folder;

  const zip_record* find(const std::string& name) const { return archive.find(folder + name); }
};

/// Checks that the file looks like a zip archive. The error names other formats that are recognised.
result<void> check_kind(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.empty())
    return fail(fault::malformed, "the file is empty");
  // Files of torch.save before 1.6 begin with the pickled number 0x1950a86a20f9469cfc6c.
  if (bytes.substr(0, 14) == "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"sv)
    return fail(fault::unsupported,
                "refused: saved in PyTorch's format before 1.6; load it in PyTorch 1.6 or later and save it "
                "again");
  if (const auto foreign = foreign_format(bytes); !foreign.empty() && bytes.substr(0, 2) != "PK"sv)
    return fail(fault::malformed,
                "expected a zip archive written by torch.save, got " + std::string(foreign));
  if (bytes.substr(0, 2) != "PK"sv)
    return fail(fault::malformed, "expected a zip archive written by torch.save, got something else");
  return {};
}

result<saved_records> open_records(std::string_view bytes) {
  if (auto known = check_kind(bytes); !known)
    return tl::unexpected(known.error());
  auto archive = zip_archive::parse(bytes);
  if (!archive)
    return tl::unexpected(archive.error());
  saved_records records{std::move(*archive), {}};
  if (!records.archive.records().empty()) {
    const auto first = records.archive.records().front().name;
    records.folder = first.substr(0, first.find('/') + 1);
  }
  if (records.find("data.pkl") == nullptr)
    return fail(fault::malformed, "the archive has no record " + records.folder + "data.pkl");
  if (const auto* order = records.find("byteorder"); order != nullptr && order->content != "little")
    return fail(fault::unsupported,
                "refused: byte order " + std::string(order->content.substr(0, 20)) + ", expected little");
  return records;
}

/// Returns the view of its storage that a tensor of the pickle describes.
result<storage_view> view_of(const saved_records& records, const pickle& saved, const pickle_value& tensor) {
  const auto& storage = saved[tensor.items[0]];
  const auto* record = records.find("data/" + std::string(storage.text));
  if (record == nullptr)
    return fail(fault::malformed, "its storage data/" + std::string(storage.text) + " is missing");
  const auto width = size_of(storage.element);
  if (storage.integer < 0 || record->content.size() % width != 0 ||
      record->content.size() / width != static_cast<std::uint64_t>(storage.integer))
    return fail(fault::malformed, "its storage data/" + std::string(storage.text) + " has " +
                                      std::to_string(record->content.size()) + " bytes, expected " +
                                      std::to_string(storage.integer) + " " +
                                      std::string(to_string(storage.element)) + " elements");
  storage_view view;
  view.bytes = record->content;
  view.element = storage.element;
  view.offset = tensor.integer;
  for (const auto extent : saved[tensor.items[1]].items)
    view.shape.push_back(saved[extent].integer);
  for (const auto stride : saved[tensor.items[2]].items)
    view.strides.push_back(saved[stride].integer);
  return view;
}

/// @param budget How many elements may still be read; reduced by the size of the tensor.
result<named_tensor> read_tensor(const saved_records& records, const pickle& saved, const tensor_entry& entry,
                                 std::size_t& budget) {
  const auto view = view_of(records, saved, *entry.tensor);
  if (!view)
    return tl::unexpected(view.error());
  const auto count = checked_size(*view, budget);
  if (!count)
    return tl::unexpected(count.error());
  budget -= *count;
  const bool is_integral = is_integer(view->element);
  named_tensor tensor{entry.name, view->shape, to_floats(*view, *count), *count == 1 && is_integral,
                      is_integral};
  const auto bad = std::find_if_not(tensor.values.begin(), tensor.values.end(),
                                    [](float value) { return std::isfinite(value); });
  if (bad != tensor.values.end())
    return fail(fault::malformed, "element " + std::to_string(bad - tensor.values.begin()) + " is " +
                                      std::to_string(*bad) + ", expected a finite float32");
  return tensor;
}

result<checkpoint> read_checkpoint(const std::string& file, std::string_view bytes,
                                   const checkpoint_limits& limits) {
  const auto records = open_records(bytes);
  if (!records)
    return tl::unexpected(records.error());
  const auto saved = read_pickle(records->find("data.pkl")->content);
  if (!saved)
    return tl::unexpected(saved.error());
  const auto entries = find_state_dict(*saved);
  if (!entries)
    return tl::unexpected(entries.error());
  std::size_t budget = bytes.size() * limits.max_expansion / sizeof(float);
  std::vector<named_tensor> tensors;
  for (const auto& entry : entries->tensors) {
    auto tensor = read_tensor(*records, *saved, entry, budget);
    if (!tensor)
      return fail("tensor " + entry.name, tensor.error());
    tensors.push_back(std::move(*tensor));
  }
  return checkpoint(file, std::move(tensors), find_settings(*saved), entries->refused);
}

} // namespace

const named_tensor* checkpoint::find(std::string_view name) const {
  const auto found = std::find_if(tensors_.begin(), tensors_.end(),
                                  [name](const named_tensor& tensor) { return tensor.name == name; });
  return found != tensors_.end() ? &*found : nullptr;
}

const std::string* checkpoint::setting(std::string_view name) const {
  const auto found = std::find_if(settings_.begin(), settings_.end(),
                                  [name](const auto& entry) { return entry.first == name; });
  return found != settings_.end() ? &found->second : nullptr;
}

const std::string* checkpoint::refusal(std::string_view name) const {
  const auto found = std::find_if(refused_.begin(), refused_.end(),
                                  [name](const auto& entry) { return entry.first == name; });
  return found != refused_.end() ? &found->second : nullptr;
}

result<checkpoint> load_checkpoint(const std::filesystem::path& file, const checkpoint_limits& limits) {
  const auto bytes = read_file(file, limits.max_file_bytes);
  if (!bytes)
    return tl::unexpected(bytes.error());
  auto loaded = read_checkpoint(file.string(), *bytes, limits);
  if (!loaded)
    return fail(file.string(), loaded.error());
  return loaded;
}

} // namespace winnow
