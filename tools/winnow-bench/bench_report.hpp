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

/// A row of a table: what it is about (texts), and what was measured. The names are the heads of the table
/// and, with `_` for blanks, the keys of the JSON.
class report_row {
public:
  using cell = std::variant<std::string, double, samples>;

  report_row& text(const std::string& name, std::string value);
  report_row& number(const std::string& name, double value); ///< What was counted or set, not measured.
  report_row& measured(const std::string& name, samples values);

  const std::vector<std::pair<std::string, cell>>& cells() const { return cells_; }

  /// What was measured under that name; null: nothing.
  const samples* find(const std::string& name) const;
  /// What was counted or set under that name; zero: nothing.
  double number_of(const std::string& name) const;
  /// A text, empty where there is none.
  std::string text_of(const std::string& name) const;

private:
  std::vector<std::pair<std::string, cell>> cells_;
};

/// A table of a report. Rows may lack cells that others have.
struct report_section {
  std::string name; ///< A word: the key in the JSON.
  std::string title;
  std::vector<report_row> rows;
  std::string note; ///< A line below the table; empty: none.
};

/// Everything that a run measured, with the machine and how busy others kept it.
class bench_report {
public:
  explicit bench_report(std::string command); ///< The command line, for the head.

  /// A section stays where it is as long as the report lives.
  report_section& section(const std::string& name, const std::string& title);
  const report_section* find(const std::string& name) const;

  const std::vector<std::unique_ptr<report_section>>& sections() const { return sections_; }

  std::string markdown(const report_section& section) const;
  std::string markdown_head() const; ///< Machine, load, disturbance.
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
