#include "tests/fuzz/fuzzer.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace {

/// Gives the bytes of one file to the fuzzer, which ends the program if something that must hold does not.
bool replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    std::cerr << path.string() << ": cannot be read\n";
    return false;
  }
  std::cout << path.string() << std::endl; // before the run, as this is the last line if it fails
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return true;
}

} // namespace

/// Runs a fuzzer without libFuzzer: over no input, and over the files of the folders given.
int main(int count, char** arguments) {
  LLVMFuzzerTestOneInput(nullptr, 0);
  for (int i = 1; i < count; ++i)
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i]))
      if (entry.is_regular_file() && !replay(entry.path()))
        return 1;
  return 0;
}
