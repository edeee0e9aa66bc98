/// \file
/// How a loader reads a document: every key is asked for by name and kind, in prose, and every mistake of the
/// document becomes an InputError that says where it is, what was expected and seen, and what to write
/// instead. It holds no values: what it returns is the loader's.
///
///     Reader root{document};
///     root.require({{"seed", "7"}, {"traffic", "{...}"}});
///     const auto seed = root.integer("seed");
///     Reader traffic = root.object("traffic");
///     const auto events = traffic.integer("events", {.min = 1, .max = 1'000'000'000});
///     const Duration duration = traffic.optional_duration("duration", std::chrono::hours{1});
///     const Ratio share = traffic.ratio("match_share");
///     traffic.done();
///     root.done();
///
///     // x.json:4:5: at /traffic/duratoin: expected a known key, saw "duratoin"; did you mean "duration"?
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/wide.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

class Reader;

/// Both ends belong to the range.
template <std::integral T>
struct IntegerRange {
  T min{std::numeric_limits<T>::min()};
  T max{std::numeric_limits<T>::max()};
};

/// Both ends belong to the range. A document cannot write a negative duration.
struct DurationRange {
  Duration min{};
  Duration max{Duration::max()};
};

/// Both ends belong to the range; the default is that of a share.
struct RatioRange {
  Ratio min{0, 1};
  Ratio max{1, 1};
};

/// One word of a list, and what it stands for.
template <class T>
struct Choice {
  std::string_view word{};
  T meaning{};
};

/// A key that must be there, and a value for it that a message can show.
struct RequiredKey {
  std::string_view key{};
  std::string_view example{};  ///< as JSON: `"1h"` with its quotes
};

/// One value of a document, to be read as what the loader takes it for. Each reading throws InputError at the
/// value's line and column when the value is something else. The document must outlive it.
class Value {
 public:
  Value(const Document& document, const Node& node, std::string pointer)
      : document_(&document), node_(&node), pointer_(std::move(pointer)) {}

  [[nodiscard]] const Node& node() const { return *node_; }
  [[nodiscard]] Place place() const { return {document_->file, node_->line, node_->column, pointer_}; }
  /// Of the first byte inside the quotes of a text, for what reads the text further: an expression, an ARN.
  [[nodiscard]] Place place_inside() const {
    Place out = place();
    ++out.column;
    return out;
  }
  [[nodiscard]] bool is(Node::Kind kind) const { return node_->kind == kind; }

  /// A number without a fraction, in whatever way it is written: `1000000` or `1e6`.
  template <std::integral T = std::uint64_t>
  [[nodiscard]] T integer(IntegerRange<T> range = {}) const {
    using Limits = std::numeric_limits<T>;
    const bool open_above = range.max == Limits::max();
    const bool open_below = std::signed_integral<T> && range.min == Limits::min();
    return static_cast<T>(whole(range.min, range.max, open_below, open_above));
  }
  /// A text such as `"250ms"` or `"1h30m"` (see parse_duration()).
  [[nodiscard]] Duration duration(DurationRange range = {}) const;
  /// A text such as `"2026-03-02T14:00:00Z"` (see parse_iso8601()), of the years 1970 to 2261.
  [[nodiscard]] Instant instant() const;
  /// `0.02`, `"1/50"` or `[1, 50]`, exactly and reduced.
  [[nodiscard]] Ratio ratio(RatioRange range = {}) const;
  /// Any text but an empty one.
  [[nodiscard]] std::string text() const;
  /// One of these words.
  [[nodiscard]] std::string text(std::initializer_list<std::string_view> one_of) const;
  /// What the word stands for: `value.choice<Order>({{"fifo", Order::fifo}, {"lifo", Order::lifo}})`.
  template <class T>
  [[nodiscard]] T choice(std::initializer_list<Choice<T>> choices) const {
    std::vector<std::string_view> words;
    for (const Choice<T>& each : choices) words.push_back(each.word);
    return choices.begin()[word_of(words)].meaning;
  }
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] Reader object() const;
  [[nodiscard]] std::vector<Value> array(IntegerRange<std::size_t> size = {}) const;

  /// For what a loader finds out itself: `traffic.at("until").fail("an instant after the start")`. What was
  /// seen is said for it.
  [[noreturn]] void fail(std::string expected, std::string advice = {}) const;

 private:
  friend class Reader;
  using int128 = rushhour::detail::int128;
  [[nodiscard]] int128 whole(int128 min, int128 max, bool open_below, bool open_above) const;
  [[nodiscard]] std::size_t word_of(const std::vector<std::string_view>& words) const;

  const Document* document_;
  const Node* node_;
  std::string pointer_;
};

/// Reads one object, key by key. It learns the keys that exist from being asked for them, so ask for the
/// optional ones too, then call done(): a Reader that goes away without it, other than by an exception,
/// breaks the contract, for misspelt keys would pass unseen.
class Reader {
 public:
  /// The document's root, which must be an object. The document must outlive the Reader.
  explicit Reader(const Document& document) : Reader(Value{document, document.root, ""}) {}
  /// \throws InputError when the value is no object.
  explicit Reader(Value object);
  Reader(Reader&& other) noexcept
      : object_(std::move(other.object_)),
        known_(std::move(other.known_)),
        done_(std::exchange(other.done_, true)) {}
  Reader& operator=(Reader&&) = delete;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() {
    RUSHHOUR_ASSERT(done_ || std::uncaught_exceptions() > exceptions_,
                    "call done() on every Reader: without it unknown keys pass unseen");
  }

  /// Makes one message of all the keys that are missing, with their examples, instead of one for each.
  void require(std::initializer_list<RequiredKey> keys);
  /// The value of a key that must be there; `example` (JSON) is what the message shows when it is not.
  [[nodiscard]] Value at(std::string_view key, std::string_view example = "...");
  /// The value of a key that may be left out.
  [[nodiscard]] std::optional<Value> find(std::string_view key);
  /// All members in the order of the file, for an object whose keys are the user's own names.
  [[nodiscard]] std::vector<std::pair<std::string, Value>> members();
  /// \throws InputError when the object has a key that the Reader was not asked for.
  void done();

  /// Where the object stands.
  [[nodiscard]] Place place() const { return object_.place(); }
  [[nodiscard]] const Value& value() const { return object_; }

  template <std::integral T = std::uint64_t>
  [[nodiscard]] T integer(std::string_view key, IntegerRange<T> range = {}) {
    return at(key, std::to_string(range.min > T{} ? range.min : T{1})).template integer<T>(range);
  }
  template <std::integral T = std::uint64_t>
  [[nodiscard]] T optional_integer(std::string_view key, T otherwise, IntegerRange<T> range = {}) {
    const auto found = find(key);
    return found ? found->template integer<T>(range) : otherwise;
  }
  [[nodiscard]] Duration duration(std::string_view key, DurationRange range = {}) {
    return at(key, "\"1h\"").duration(range);
  }
  [[nodiscard]] Duration optional_duration(std::string_view key, Duration otherwise,
                                           DurationRange range = {}) {
    const auto found = find(key);
    return found ? found->duration(range) : otherwise;
  }
  [[nodiscard]] Instant instant(std::string_view key) {
    return at(key, "\"2026-03-02T14:00:00Z\"").instant();
  }
  [[nodiscard]] Instant optional_instant(std::string_view key, Instant otherwise) {
    const auto found = find(key);
    return found ? found->instant() : otherwise;
  }
  [[nodiscard]] Ratio ratio(std::string_view key, RatioRange range = {}) {
    return at(key, "0.02").ratio(range);
  }
  [[nodiscard]] Ratio optional_ratio(std::string_view key, Ratio otherwise, RatioRange range = {}) {
    const auto found = find(key);
    return found ? found->ratio(range) : otherwise;
  }
  [[nodiscard]] std::string text(std::string_view key) { return at(key, "\"...\"").text(); }
  [[nodiscard]] std::string text(std::string_view key, std::initializer_list<std::string_view> one_of) {
    return at(key, word_example(one_of.begin(), one_of.end())).text(one_of);
  }
  [[nodiscard]] std::string optional_text(std::string_view key, std::string_view otherwise) {
    const auto found = find(key);
    return found ? found->text() : std::string{otherwise};
  }
  [[nodiscard]] std::string optional_text(std::string_view key, std::string_view otherwise,
                                          std::initializer_list<std::string_view> one_of) {
    const auto found = find(key);
    return found ? found->text(one_of) : std::string{otherwise};
  }
  template <class T>
  [[nodiscard]] T choice(std::string_view key, std::initializer_list<Choice<T>> choices) {
    const std::string_view first = choices.begin()->word;
    return at(key, word_example(&first, &first + 1)).template choice<T>(choices);
  }
  template <class T>
  [[nodiscard]] T optional_choice(std::string_view key, T otherwise,
                                  std::initializer_list<Choice<T>> choices) {
    const auto found = find(key);
    return found ? found->template choice<T>(choices) : otherwise;
  }
  [[nodiscard]] bool boolean(std::string_view key) { return at(key, "true").boolean(); }
  [[nodiscard]] bool optional_boolean(std::string_view key, bool otherwise) {
    const auto found = find(key);
    return found ? found->boolean() : otherwise;
  }
  [[nodiscard]] Reader object(std::string_view key) { return Reader{at(key, "{...}")}; }
  [[nodiscard]] std::optional<Reader> optional_object(std::string_view key) {
    auto found = find(key);
    if (!found) return std::nullopt;
    return std::optional<Reader>{std::in_place, std::move(*found)};
  }
  [[nodiscard]] std::vector<Value> array(std::string_view key, IntegerRange<std::size_t> size = {}) {
    return at(key, "[...]").array(size);
  }
  /// Without the key: no elements.
  [[nodiscard]] std::vector<Value> optional_array(std::string_view key, IntegerRange<std::size_t> size = {}) {
    const auto found = find(key);
    return found ? found->array(size) : std::vector<Value>{};
  }

 private:
  [[nodiscard]] static std::string word_example(const std::string_view* first, const std::string_view* end);
  void know(std::string_view key);
  [[nodiscard]] bool knows(std::string_view key) const;
  [[nodiscard]] const Node* member(std::string_view key) const;
  [[nodiscard]] Value child(const Node& node) const;
  [[noreturn]] void fail_missing(const std::vector<RequiredKey>& missing) const;
  [[nodiscard]] std::string lookalikes(const std::vector<RequiredKey>& missing) const;

  Value object_;
  std::vector<std::string> known_{};
  bool done_ = false;
  int exceptions_ = std::uncaught_exceptions();
};

inline Reader Value::object() const { return Reader{*this}; }

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/reader_inl.hpp>
#endif
