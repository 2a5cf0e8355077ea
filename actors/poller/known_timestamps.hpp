#pragma once

#include "redis/records/keys.hpp"

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace winnow {

/// Recognises timestamped profiles that a sweep has not seen before, and contents whose results are stored.
/// Keeps some 50 bytes for each profile.
class known_timestamps {
public:
  /// Notes a profile that was announced: its content may be another one now.
  void announced(const profile_key& key);

  /// Notes the content that the stored result of a profile was made of. @param content Its digest.
  void stored(const profile_key& key, std::uint64_t content) { note(key, {content, state::stored}); }

  /// Notes a content that is no valid profile, and has no result.
  void refused(const profile_key& key, std::uint64_t content) { note(key, {content, state::refused}); }

  /// Notes that the store has the profile and not its result, which is due unless the content was refused.
  void lacks_result(const profile_key& key);

  /// Notes what the store says that the stored result was made of, unless more is known of the profile.
  /// @return Whether that was news: the content may be another one by now.
  bool recalls(const profile_key& key, std::uint64_t content);

  /// Whether nothing is known of the result since the profile was announced.
  bool is_due(const profile_key& key) const;

  /// Whether the content needs a result. What was found by the first sweep, and has one, is taken for what
  /// the result was made of, unless the store said something else.
  bool needs_result(const profile_key& key, std::uint64_t content);

  void begin_sweep();
  /// Notes a profile that the sweep found. @return Whether it is new. Nothing is new to the first sweep; the
  /// `reconciliation` that follows finds what has no result.
  bool found(const profile_key& key);
  /// Whether the profile was announced, or found by a sweep.
  bool knows(const profile_key& key) const { return seen_.count(std::hash<profile_key>()(key)) > 0; }
  /// The next sweep that finds the profile takes it for new.
  void forget(const profile_key& key);
  /// Forgets what the sweep did not find. @return Whether there was any.
  bool finish_sweep();

private:
  enum class state : std::uint8_t { due, trusted, stored, refused };
  struct entry {
    std::uint64_t content = 0; ///< If it is `stored` or `refused`.
    state what = state::due;
  };
  using entries = std::unordered_map<std::size_t, entry>; ///< By the hash of the key.

  void note(const profile_key& key, const entry& known);

  entries seen_, in_sweep_;
  bool swept_ = false;
  bool sweeping_ = false;
};

} // namespace winnow
