#pragma once

#include <fstream>
#include <string>

namespace winnow::test {

/// Changes a model directory: adds the user "a new reader", with the embedding of the first user.
inline void add_new_reader(const std::string& models) {
  const auto file = models + "/lightgcn/user_embeddings.csv";
  std::ifstream in(file);
  std::string header, row;
  std::getline(in, header);
  std::getline(in, row);
  std::ofstream(file, std::ios::app) << "a new reader" << row.substr(row.find(',')) << "\n";
}

} // namespace winnow::test
