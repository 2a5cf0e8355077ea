#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace winnow::bench {

/// What `winnow-train` prints of its validations, with the time of each line.
class training_log {
public:
  struct validation {
    std::size_t epoch = 0;
    double recall = 0;
    double seconds = 0; ///< Since the start of the program.
  };

  /// Reads a line of the output. Lines without a validation recall are ignored.
  /// @param seconds When the line came, since the start of the program.
  void add(const std::string& line, double seconds);

  const std::vector<validation>& validations() const { return validations_; }

  /// The one with the greatest recall. There must be one.
  const validation& best() const;

  /// The first one whose recall is less than the best by at most this share. There must be one.
  const validation& first_within(double share) const;

private:
  std::vector<validation> validations_;
};

} // namespace winnow::bench
