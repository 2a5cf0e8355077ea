#include "tools/winnow-bench/bench_report.hpp"

#include "config/version.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

namespace winnow::bench {

namespace {

double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string day_text(double seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts);
  return text;
}

std::string key_of(std::string name) {
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

std::string counted_text(double value) {
  const bool whole = value == std::floor(value) && std::fabs(value) < 1e15;
  return whole ? std::to_string(static_cast<long long>(value)) : number_text(value);
}

std::string text_of(const report_row::cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell))
    return *text;
  if (const auto* number = std::get_if<double>(&cell))
    return counted_text(*number);
  return samples_text(std::get<samples>(cell));
}

nlohmann::json json_of(const report_row::cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell))
    return *text;
  if (const auto* number = std::get_if<double>(&cell))
    return *number;
  const auto& measured = std::get<samples>(cell);
  if (measured.empty())
    return nullptr;
  return {{"median", measured.median()},
          {"min", measured.least()},
          {"max", measured.greatest()},
          {"values", measured.values}};
}

std::vector<std::string> columns_of(const report_section& section) {
  std::vector<std::string> names;
  for (const auto& row : section.rows)
    for (const auto& cell : row.cells())
      if (std::find(names.begin(), names.end(), cell.first) == names.end())
        names.push_back(cell.first);
  return names;
}

const report_row::cell* cell_of(const report_row& row, const std::string& name) {
  for (const auto& cell : row.cells())
    if (cell.first == name)
      return &cell.second;
  return nullptr;
}

/// Returns the number of code points of a UTF-8 text.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

/// Formats a line of a Markdown table, padded to be readable as plain text.
std::string table_line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                       char padding = ' ') {
  std::string line = "|";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += " " + cells[i] + std::string(widths[i] - width_of(cells[i]), padding) + " |";
  }
  return line + "\n";
}

} // namespace

report_row& report_row::text(const std::string& name, std::string value) {
  cells_.emplace_back(name, std::move(value));
  return *this;
}

report_row& report_row::number(const std::string& name, double value) {
  cells_.emplace_back(name, value);
  return *this;
}

report_row& report_row::measured(const std::string& name, samples values) {
  cells_.emplace_back(name, std::move(values));
  return *this;
}

const samples* report_row::find(const std::string& name) const {
  const auto* found = cell_of(*this, name);
  return found ? std::get_if<samples>(found) : nullptr;
}

double report_row::number_of(const std::string& name) const {
  const auto* found = cell_of(*this, name);
  const auto* number = found ? std::get_if<double>(found) : nullptr;
  return number ? *number : 0;
}

std::string report_row::text_of(const std::string& name) const {
  const auto* found = cell_of(*this, name);
  return found ? bench::text_of(*found) : std::string();
}

bench_report::bench_report(std::string command) : command_(std::move(command)), begin_(unix_seconds()) {}

report_section& bench_report::section(const std::string& name, const std::string& title) {
  for (const auto& known : sections_)
    if (known->name == name)
      return *known;
  sections_.push_back(std::make_unique<report_section>(report_section{name, title, {}, {}}));
  return *sections_.back();
}

const report_section* bench_report::find(const std::string& name) const {
  for (const auto& known : sections_)
    if (known->name == name)
      return known.get();
  return nullptr;
}

std::string bench_report::markdown(const report_section& section) const {
  const auto names = columns_of(section);
  std::vector<std::vector<std::string>> lines{names};
  for (const auto& row : section.rows) {
    lines.emplace_back();
    for (const auto& name : names)
      lines.back().push_back(row.text_of(name));
  }
  std::vector<std::size_t> widths(names.size(), 3);
  for (const auto& cells : lines)
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], width_of(cells[i]));
  auto text = "## " + section.title + "\n\n" + table_line(lines[0], widths) +
              table_line(std::vector<std::string>(names.size()), widths, '-');
  for (std::size_t i = 1; i < lines.size(); ++i)
    text += table_line(lines[i], widths);
  return text + (section.note.empty() ? "" : "\n" + section.note + "\n");
}

std::string bench_report::markdown_head() const {
  return "# Results of winnow-bench\n\n`" + command_ + "`, " + std::string(version()) + ", " +
         day_text(begin_) + ", " + number_text(unix_seconds() - begin_) + " s\n\n" + machine_.processor +
         ", " + std::to_string(machine_.cores) + " cores, " + machine_.instruction_set + ", " +
         number_text(machine_.memory_gb) + " GB, " + machine_.kernel + "; load " + number_text(load_before_) +
         " before, " + number_text(load_average()) + " after; other processes used " +
         number_text(others_.cores()) + " cores. Values are medians (least to greatest).\n";
}

nlohmann::json bench_report::json() const {
  nlohmann::json sections = nlohmann::json::object();
  for (const auto& known : sections_) {
    auto rows = nlohmann::json::array();
    for (const auto& row : known->rows) {
      nlohmann::json cells = nlohmann::json::object();
      for (const auto& [name, cell] : row.cells())
        cells[key_of(name)] = json_of(cell);
      rows.push_back(std::move(cells));
    }
    sections[known->name] = std::move(rows);
  }
  return {{"command", command_},
          {"version", version()},
          {"begin", begin_},
          {"seconds", unix_seconds() - begin_},
          {"machine",
           {{"processor", machine_.processor},
            {"cores", machine_.cores},
            {"instruction_set", machine_.instruction_set},
            {"kernel", machine_.kernel},
            {"memory_gb", machine_.memory_gb}}},
          {"load_before", load_before_},
          {"load_after", load_average()},
          {"cores_used_by_others", others_.cores()},
          {"sections", std::move(sections)}};
}

} // namespace winnow::bench
