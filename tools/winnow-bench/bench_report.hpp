#pragma once

#include "tools/winnow-bench/machine.hpp"
#include "tools/winnow-bench/process_usage.hpp"
#include "tools/winnow-bench/samples.hpp"

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace winnow::bench {

/// A row of a table: texts that say what it is about, and measurements. The cell names are the column heads
/// of the table and, with `_` for blanks, the keys in the JSON.
class report_row {
public:
  using cell = std::variant<std::string, double, samples>;

  report_row& text(const std::string& name, std::string value);
  report_row& number(const std::string& name, double value); ///< A value that was counted or set.
  report_row& measured(const std::string& name, samples values);

  const std::vector<std::pair<std::string, cell>>& cells() const { return cells_; }

  /// Returns the measurement with this name, null if there is none.
  const samples* find(const std::string& name) const;
  /// Returns the counted or set value with this name, zero if there is none.
  double number_of(const std::string& name) const;
  /// Returns the cell as it is printed, empty if there is none.
  std::string text_of(const std::string& name) const;

private:
  std::vector<std::pair<std::string, cell>> cells_;
};

/// A table of a report. Rows may have different cells.
struct report_section {
  std::string name; ///< A single word, the key in the JSON.
  std::string title;
  std::vector<report_row> rows;
  std::string note; ///< Printed below the table unless empty.
};

/// All measurements of a run, the machine, and how much of it other processes used.
class bench_report {
public:
  explicit bench_report(std::string command); ///< The command line, printed in the head.

  /// Returns the section, created if missing. The reference is valid for the report's lifetime.
  report_section& section(const std::string& name, const std::string& title);
  const report_section* find(const std::string& name) const; ///< Null if there is none.

  const std::vector<std::unique_ptr<report_section>>& sections() const { return sections_; }

  std::string markdown(const report_section& section) const;
  std::string markdown_head() const; ///< The machine, its load, and what others used.
  nlohmann::json json() const;

private:
  std::string command_;
  machine machine_ = this_machine();
  double load_before_ = load_average();
  double begin_; ///< Unix seconds.
  foreign_use others_;
  std::vector<std::unique_ptr<report_section>> sections_;
};

} // namespace winnow::bench
