#pragma once

#include "models/files/file_stamp.hpp"
#include "models/learning/item_event.hpp"
#include "models/model_set.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace winnow {

class state_reader;
class state_writer;

/// The items that were adopted, and what the events say about them. An adopted item gets
/// - an embedding: the direction between its neighbours in the readers' histories and its readers' own
///   vectors, with the length that trained items taken as often have on average;
/// - features: its row in the feature file once there is one, else the mean of its neighbours' rows.
class adopted_shelf {
public:
  /// @param models Trained, without anything learned.
  explicit adopted_shelf(model_set_ptr models);

  std::size_t size() const noexcept { return ids_.size(); }
  const id_table& ids() const noexcept { return ids_; }

  /// Puts an item on the shelf. @return Its place.
  std::uint32_t add(std::string_view item_id);

  /// Notes that a user took the item at `place`. @param weights Of the neighbours `event.before`.
  void note(std::uint32_t place, const item_event& event, gsl::span<const float> weights);

  /// Whether so much was noted that the tables of `build` are outdated.
  bool is_outdated() const noexcept { return outdated_; }

  /// Returns the tables of all items.
  std::shared_ptr<const adopted_items> build();

  void save(state_writer& into) const;
  /// Leaves out items whose ids are none, as earlier versions kept them. Their rows of the feature file are
  /// not kept: `read_features` reads them again.
  /// @return Of each item that was saved, whether it is on the shelf.
  std::vector<bool> restore(state_reader& from);

  /// Reads the feature file again if it has changed or items were added, for the items that had no row in it.
  /// Blocking. @return The error if it cannot be read; then nothing changes.
  result<void> read_features();

private:
  struct item {
    std::vector<float> neighbours, readers;  ///< Sums of unit vectors.
    std::vector<float> din_sum, ranknet_sum; ///< Sums of the neighbours' features.
    float weight = 0;                        ///< Of what is in the sums of features.
    std::uint32_t taken = 0;
    std::uint32_t taken_at_build = 0; ///< When the tables were last built.
    std::vector<float> file_row;      ///< Empty if the feature file has none.
  };

  item empty_item() const;
  void add_neighbour(item& of, std::uint32_t neighbour, float weight);
  void write_embedding(const item& of, gsl::span<float> out) const;
  void write_features(const item& of, const column_selection& columns, const std::vector<float>& sum,
                      gsl::span<const float> embedding, gsl::span<float> out) const;
  float usual_length(std::uint32_t taken) const;

  model_set_ptr models_;
  std::vector<float> lengths_; ///< Mean embedding length of trained items, by log2 of how often taken.
  id_table ids_;
  std::vector<item> items_;
  bool outdated_ = false;
  std::size_t read_for_ = 0;             ///< The number of items when the feature file was last read.
  std::optional<file_stamp> read_stamp_; ///< Of the feature file then.
};

} // namespace winnow
