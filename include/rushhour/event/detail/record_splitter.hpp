/// \file
/// Finds where each record of a file of events starts and ends, without holding the file. It does not say
/// whether a record is good JSON: whoever parses it does.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rushhour::event::detail {

/// Bytes in order, from a file or from memory.
class ByteReader {
 public:
  ByteReader() = default;
  ByteReader(const ByteReader&) = delete;
  ByteReader& operator=(const ByteReader&) = delete;
  virtual ~ByteReader() = default;
  /// Up to `size` bytes (at least 1); 0 at the end, or when reading fails.
  virtual std::size_t read(char* to, std::size_t size) = 0;
  /// Why reading failed; empty when it did not.
  [[nodiscard]] virtual std::string error() const = 0;
};

/// The records of one file: an array, `{"Records": [...]}` or one a line, told apart by the first bytes.
class RecordSplitter {
 public:
  enum class Found : std::uint8_t { record, damage, end };

  RecordSplitter(ByteReader& reader, std::size_t record_bytes_max)
      : reader_(reader), record_bytes_max_(record_bytes_max), buffer_(initial_bytes) {}

  /// The next record or damage. After damage that forfeits_rest() comes the end.
  Found next() {
    while (true) {
      switch (form_) {
        case Form::unknown:
          if (const Step step = detect(); step != Step::again) return found(step);
          break;
        case Form::lines:
          if (const Step step = next_line(); step != Step::again) return found(step);
          break;
        case Form::array:
          if (const Step step = next_element(); step != Step::again) return found(step);
          break;
        case Form::ended:
          return Found::end;
      }
    }
  }

  /// The record, or nothing for damage. Valid until next().
  [[nodiscard]] std::string_view record() const { return record_; }
  /// Where the record or the damage starts, in bytes from the start of the file.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] const std::string& what() const { return what_; }
  /// Whether broken JSON in the record just given, or the damage just reported, costs the rest of the file.
  [[nodiscard]] bool forfeits_rest() const { return form_ == Form::array || form_ == Form::ended; }
  /// No more of this file.
  void give_up() { form_ = Form::ended; }

 private:
  enum class Form : std::uint8_t { unknown, lines, array, ended };
  enum class Step : std::uint8_t { again, record, damage, end };
  /// As large as the largest CloudTrail record.
  static constexpr std::size_t initial_bytes = std::size_t{256} << 10;

  static Found found(Step step) {
    return step == Step::record ? Found::record : step == Step::damage ? Found::damage : Found::end;
  }
  static bool is_space(int c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

  /// Gets more bytes behind those from at_ on; false when there are no more. Moves what it keeps to the
  /// front.
  bool fill() {
    if (ended_) return false;
    if (at_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + at_, filled_ - at_);
      base_ += at_;
      filled_ -= at_;
      at_ = 0;
    }
    if (filled_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
    const std::size_t got = reader_.read(buffer_.data() + filled_, buffer_.size() - filled_);
    filled_ += got;
    ended_ = got == 0;
    return !ended_;
  }
  /// The byte `ahead` of at_; -1 behind the end.
  int peek(std::size_t ahead = 0) {
    while (at_ + ahead >= filled_) {
      if (!fill()) return -1;
    }
    return static_cast<unsigned char>(buffer_[at_ + ahead]);
  }
  int skip_space() {
    while (is_space(peek())) ++at_;
    return peek();
  }

  Step give(std::size_t length) {
    record_ = {buffer_.data() + at_, length};
    offset_ = base_ + at_;
    at_ += length;
    return Step::record;
  }
  Step damage(std::string what, bool rest) {
    record_ = {};
    offset_ = base_ + at_;
    what_ = std::move(what);
    if (rest) form_ = Form::ended;
    return Step::damage;
  }
  /// The end of the input where there must not be one, or the reader's own complaint.
  Step cut_short(std::string_view what) {
    const std::string error = reader_.error();
    return damage(error.empty() ? std::string{what} : error, true);
  }
  Step end() {
    if (!reader_.error().empty()) return cut_short({});
    form_ = Form::ended;
    return Step::end;
  }

  Step detect() {
    if (base_ + at_ == 0 && peek() == 0xef && peek(1) == 0xbb && peek(2) == 0xbf)
      at_ += 3;  // UTF-8's byte order mark
    const int first = skip_space();
    if (first < 0) return any_ ? end() : cut_short("an empty file");
    any_ = true;
    first_element_ = true;
    if (first == '[') {
      ++at_;
      wrapped_ = false;
      form_ = Form::array;
    } else if (first != '{') {
      return damage("neither an array of records, nor {\"Records\": [...]}, nor a record a line", true);
    } else if (const std::size_t length = records_opening(); length > 0) {
      at_ += length;
      wrapped_ = true;
      form_ = Form::array;
    } else {
      form_ = Form::lines;
    }
    return Step::again;
  }
  /// The length of `{"Records":[`, spaces included; 0 when something else comes.
  std::size_t records_opening() {
    std::size_t ahead = 0;
    for (const std::string_view token : {"{", "\"Records\"", ":", "["}) {
      while (is_space(peek(ahead))) ++ahead;
      for (const char c : token) {
        if (peek(ahead++) != c) return 0;
      }
    }
    return ahead;
  }

  Step next_line() {
    if (skip_space() < 0) return end();
    std::size_t searched = 0;
    while (true) {
      const void* const newline =
          std::memchr(buffer_.data() + at_ + searched, '\n', filled_ - at_ - searched);
      if (newline != nullptr) {
        std::size_t length =
            static_cast<std::size_t>(static_cast<const char*>(newline) - (buffer_.data() + at_));
        if (length > record_bytes_max_) return too_long_line();
        while (is_space(buffer_[at_ + length - 1])) --length;
        return give(length);
      }
      searched = filled_ - at_;
      if (searched > record_bytes_max_) return too_long_line();
      if (fill()) continue;
      if (!reader_.error().empty()) return cut_short({});
      while (is_space(buffer_[at_ + searched - 1])) --searched;
      return give(searched);
    }
  }
  Step too_long_line() {
    const Step step = damage("a line longer than " + std::to_string(record_bytes_max_) + " bytes", false);
    while (true) {
      const void* const newline = std::memchr(buffer_.data() + at_, '\n', filled_ - at_);
      if (newline != nullptr) {
        at_ = static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.data());
        return step;
      }
      at_ = filled_;
      if (!fill()) return step;
    }
  }

  Step next_element() {
    int next = skip_space();
    if (next == ']') {
      ++at_;
      if (wrapped_) {
        if (skip_space() != '}') return cut_short("something behind the records");
        ++at_;
      }
      form_ = Form::unknown;  // files are concatenated at times
      return Step::again;
    }
    if (!first_element_) {
      if (next != ',')
        return cut_short(next < 0 ? "the file ends inside an array" : "no comma between two records");
      ++at_;
      next = skip_space();
    }
    first_element_ = false;
    if (next < 0) return cut_short("the file ends inside an array");
    if (next != '{') return damage("an array element that is no object", true);
    return next_object();
  }
  /// From the opening brace to the one that closes it. Braces in strings do not count.
  Step next_object() {
    std::size_t ahead = 0;
    std::size_t depth = 0;
    while (true) {
      if (at_ + ahead >= filled_ && !fill()) return cut_short("the file ends inside a record");
      if (ahead > record_bytes_max_) {
        return damage("a record longer than " + std::to_string(record_bytes_max_) + " bytes", true);
      }
      const char c = buffer_[at_ + ahead];
      if (c == '"') {
        if (!skip_string(ahead)) return cut_short("the file ends inside a record");
        continue;
      }
      ++ahead;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return give(ahead);
    }
  }
  /// Moves `ahead` from an opening quote to behind the closing one; false when there is none. Strings are
  /// most of a record, so they are searched and not stepped through.
  bool skip_string(std::size_t& ahead) {
    std::size_t from = ahead + 1;
    while (true) {
      const char* const start = buffer_.data() + at_;
      const void* const quote = std::memchr(start + from, '"', filled_ - at_ - from);
      if (quote == nullptr) {
        from = filled_ - at_;
        if (from > record_bytes_max_ || !fill()) {
          ahead = from;
          return from > record_bytes_max_;  // the caller reports the length
        }
        continue;
      }
      const auto at = static_cast<std::size_t>(static_cast<const char*>(quote) - start);
      std::size_t backslashes = 0;
      while (at - backslashes > ahead + 1 && start[at - backslashes - 1] == '\\') ++backslashes;
      from = at + 1;
      if (backslashes % 2 == 0) break;
    }
    ahead = from;
    return true;
  }

  ByteReader& reader_;
  std::size_t record_bytes_max_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;      // in the buffer: what comes next
  std::size_t filled_ = 0;  // in the buffer: the end of what was read
  std::uint64_t base_ = 0;  // where the buffer starts in the file
  bool ended_ = false;

  Form form_ = Form::unknown;
  bool any_ = false;
  bool wrapped_ = false;
  bool first_element_ = true;

  std::string_view record_{};
  std::uint64_t offset_ = 0;
  std::string what_{};
};

}  // namespace rushhour::event::detail
