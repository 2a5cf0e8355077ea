#include "models/checkpoint/checkpoint.hpp"
#include "models/checkpoint/zip_archive.hpp"
#include "tests/models/fixtures.hpp"

#include <map>
#include <zlib.h>

namespace winnow {

namespace {

using test::fixture;

/// Returns the CRC-32 of a record as stored in the archive.
std::string crc_bytes(std::string_view content) {
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size());
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<char>(crc >> shift & 0xFFU));
  return bytes;
}

bool same(const checkpoint& a, const checkpoint& b) {
  return std::equal(a.tensors().begin(), a.tensors().end(), b.tensors().begin(), b.tensors().end(),
                    [](const named_tensor& x, const named_tensor& y) {
                      return x.name == y.name && x.shape == y.shape && x.values == y.values;
                    });
}

error refusal(const std::filesystem::path& path) {
  const auto loaded = load_checkpoint(path);
  BOOST_REQUIRE_MESSAGE(!loaded.has_value(), path.string() + " was loaded");
  return loaded.error();
}

struct expectation {
  fault cause;
  std::string message; // a substring
};

/// The files in hostile/, and why each must be refused.
const std::map<std::string, expectation> hostile = {
    {"whole_module",
     {fault::unsupported,
      "refused a whole pickled module (refused global torch.nn.modules.container.Sequential)"}},
    {"module_under_a_key",
     {fault::unsupported,
      "model: refused a whole pickled module (refused global torch.nn.modules.linear.Linear): its class is "
      "code, which is never run; save its state_dict()"}},
    {"call_as_root", {fault::unsupported, "refused global posix.system"}},
    {"call_as_state_dict", {fault::unsupported, "state_dict: refused global posix.system"}},
    {"two_models", {fault::malformed, "more than one model: the names begin with model. and with teacher."}},
    {"two_state_dicts", {fault::malformed, "more than one state dict"}},
    {"two_own_keys", {fault::malformed, "more than one state dict: keys best, last"}},
    {"moments_alone", {fault::unsupported, "model: refused a whole pickled module"}},
    {"no_tensors", {fault::malformed, "no state dict: no tensors under the keys state_dict"}},
    {"no_dict", {fault::malformed, "expected a state dict"}},
    {"complex", {fault::unsupported, "w: refused global torch.ComplexFloatStorage"}},
    {"negated",
     {fault::unsupported,
      "w: refused a tensor with the flag neg, which changes its values; save its resolve_neg()"}},
    {"conjugated", {fault::unsupported, "w: refused a tensor with the flag conj"}},
    {"not_a_number", {fault::malformed, "tensor w: element 1 is nan"}},
    {"overflow", {fault::malformed, "tensor w: element 0 is inf"}},
    {"beyond_storage", {fault::malformed, "tensor w: reaches beyond its storage of 2 float32 elements"}},
    {"petabytes", {fault::too_large, "tensor w: 1125899906842624 elements"}},
    {"stride_overflow", {fault::malformed, "tensor w: reaches beyond"}},
    {"negative_stride", {fault::malformed, "tensor w: a negative extent or stride"}},
    {"negative_shape", {fault::malformed, "tensor w: a negative extent or stride"}},
    {"negative_offset", {fault::malformed, "tensor w: reaches beyond"}},
    {"deep", {fault::malformed, "expected a state dict"}},
    {"marks", {fault::too_large, "nested collections"}},
    {"underflow", {fault::malformed, "too few values on the stack"}},
    {"mark_underflow", {fault::malformed, "too few values on the stack"}},
    {"memo", {fault::malformed, "memo slot 1 was never filled"}},
    {"memo_hole", {fault::malformed, "memo slot 3 was never filled"}},
    {"memo_far", {fault::too_large, "memo slot 4294967295"}},
    {"new_object", {fault::unsupported, "refused opcode NEWOBJ"}},
    {"storage_called", {fault::unsupported, "refused call of torch.FloatStorage"}},
    {"protocol_0", {fault::unsupported, "refused opcode DICT"}},
    {"lone_stop", {fault::malformed, "ends with 0 values"}},
    {"no_stop", {fault::malformed, "truncated"}},
    {"big_endian", {fault::unsupported, "byte order big"}},
    {"short_storage", {fault::malformed, "tensor w: its storage data/0 has 4 bytes, expected 2 float32"}},
    {"odd_storage", {fault::malformed, "tensor w: its storage data/0 has 9 bytes"}},
    {"legacy", {fault::unsupported, "format before 1.6"}},
    {"deflated", {fault::unsupported, "compression method 8, expected 0 (stored)"}},
    {"other_zip", {fault::malformed, "data.pkl"}},
    {"text", {fault::malformed, "expected a zip archive written by torch.save, got something else"}},
    {"lfs_pointer",
     {fault::malformed,
      "got a Git LFS pointer, which only names the file: fetch the file with `git lfs pull`"}},
    {"parquet", {fault::malformed, "expected a zip archive written by torch.save, got a Parquet file"}},
    {"empty", {fault::malformed, "the file is empty"}},
};

} // namespace

BOOST_AUTO_TEST_SUITE(checkpoint_damage_suite)

BOOST_AUTO_TEST_CASE(refuses_each_hostile_file_for_its_reason) {
  for (const auto& [name, expected] : hostile) {
    BOOST_TEST_CONTEXT(name) {
      const auto path = fixture("checkpoints/hostile/" + name + ".pth");
      const auto refused = refusal(path);
      BOOST_TEST(to_string(refused.cause) == to_string(expected.cause));
      BOOST_TEST_CONTEXT(refused.message) {
        BOOST_TEST(refused.message.find(expected.message) != std::string::npos);
        BOOST_TEST(refused.message.find(path.string()) == 0U);
      }
    }
  }
  BOOST_TEST(!std::filesystem::exists("/tmp/winnow_was_here"));
}

BOOST_AUTO_TEST_CASE(has_an_expectation_for_each_hostile_file) {
  for (const auto& entry : std::filesystem::directory_iterator(fixture("checkpoints/hostile")))
    BOOST_TEST(hostile.count(entry.path().stem().string()) == 1U, entry.path());
}

BOOST_AUTO_TEST_CASE(names_the_models_of_other_programs) {
  using namespace std::string_view_literals;
  const test::temporary_file file("\x08\x07\x12\x07pytorch"sv);
  BOOST_TEST(refusal(file.path()).message ==
             file.path().string() + ": expected a zip archive written by torch.save, got an ONNX model");
  file.write("\x10\0\0\0\0\0\0\0{\"w\":{}}       "sv);
  BOOST_TEST(refusal(file.path()).message ==
             file.path().string() + ": expected a zip archive written by torch.save, got a safetensors file");
}

BOOST_AUTO_TEST_CASE(refuses_a_missing_file_and_a_directory) {
  BOOST_CHECK(refusal(fixture("checkpoints/none.pth")).cause == fault::not_found);
  BOOST_CHECK(refusal(fixture("checkpoints")).cause == fault::io_error);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_over_the_limit) {
  const auto loaded = load_checkpoint(fixture("checkpoints/tiny.pth"), {100, 16});
  BOOST_REQUIRE(!loaded);
  BOOST_CHECK(loaded.error().cause == fault::too_large);
}

BOOST_AUTO_TEST_CASE(refuses_a_file_truncated_at_any_length) {
  const auto whole = test::bytes_of(fixture("checkpoints/tiny.pth"));
  const test::temporary_file file("");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    file.write(std::string_view(whole).substr(0, length));
    BOOST_TEST_CONTEXT(length) {
      refusal(file.path());
    }
  }
}

BOOST_AUTO_TEST_CASE(never_loads_different_values_after_a_single_bit_flip) {
  for (const auto* name : {"checkpoints/tiny.pth", "checkpoints/byteorder.pth"}) {
    const auto original = load_checkpoint(fixture(name));
    BOOST_REQUIRE(original);
    auto bytes = test::bytes_of(fixture(name));
    const test::temporary_file file("");
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<char>(1U << bit % 8);
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
      file.write(bytes);
      const auto loaded = load_checkpoint(file.path());
      if (loaded)
        BOOST_TEST(same(*loaded, *original), name << " bit " << bit);
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ mask);
    }
  }
}

BOOST_AUTO_TEST_CASE(survives_any_bit_flip_in_a_pickle_with_a_matching_crc) {
  auto bytes = test::bytes_of(fixture("checkpoints/tiny.pth"));
  const auto archive = zip_archive::parse(bytes);
  BOOST_REQUIRE(archive);
  const auto pickled = archive->find("tiny/data.pkl") != nullptr ? archive->find("tiny/data.pkl")->content
                                                                 : archive->find("archive/data.pkl")->content;
  const auto at = static_cast<std::size_t>(pickled.data() - bytes.data());
  const auto crc_at = bytes.rfind(crc_bytes(pickled)); // in the central directory
  BOOST_REQUIRE(crc_at != std::string::npos);
  const test::temporary_file file("");
  std::size_t loads = 0;
  for (std::size_t bit = 0; bit < pickled.size() * 8; ++bit) {
    auto damaged = bytes;
    damaged[at + bit / 8] = static_cast<char>(damaged[at + bit / 8] ^ static_cast<char>(1U << bit % 8));
    damaged.replace(crc_at, 4, crc_bytes(std::string_view(damaged).substr(at, pickled.size())));
    file.write(damaged);
    const auto loaded = load_checkpoint(file.path());
    loads += loaded ? 1 : 0;
    BOOST_TEST((loaded || !loaded.error().message.empty()));
  }
  BOOST_TEST(loads > 0U); // e.g. flips in the tensor's name
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
