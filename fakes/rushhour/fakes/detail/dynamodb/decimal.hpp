/// \file
/// DynamoDB's numbers: decimals of up to 38 digits between 1E-130 and 9.99E+125, computed exactly. Their
/// texts are the service's own: without leading or trailing zeros, and without an exponent.
///
/// Source: Amazon DynamoDB Developer Guide, "Data types: Number" (spec tag DOC); texts of refusals: dynalite
/// and ExtendDB, whose tests run against the service (REC). That no text has an exponent is MEM.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace rushhour::fakes::detail::dynamodb {

/// 0.d1 d2 d3 ... x 10^magnitude, with d1 and the last digit not 0; zero has no digits.
class Decimal {
 public:
  static constexpr std::size_t digits_max = 38;

  /// What is wrong with a number, in the service's words; empty: nothing.
  using Mistake = std::string;

  [[nodiscard]] static Mistake not_numeric(std::string_view text) {
    return text.empty() ? "The parameter cannot be converted to a numeric value"
                        : "The parameter cannot be converted to a numeric value: " + std::string{text};
  }

  /// Reads `-1.5e3`.
  [[nodiscard]] static Mistake parse(std::string_view text, Decimal& out) {
    const std::string_view whole = text;
    Decimal read;
    const bool has_sign = text.starts_with('-') || text.starts_with('+');
    read.is_negative_ = text.starts_with('-');
    if (has_sign) text.remove_prefix(1);
    std::int64_t exponent = 0;
    if (const std::size_t mark = text.find_first_of("eE"); mark != std::string_view::npos) {
      if (!parse_exponent(text.substr(mark + 1), exponent)) return not_numeric(whole);
      text = text.substr(0, mark);
    }
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string digits{text.substr(0, point)};
    if (point < text.size()) digits += text.substr(point + 1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) {
      return not_numeric(whole);
    }
    read.magnitude_ = static_cast<std::int64_t>(point) + exponent;
    read.digits_ = std::move(digits);
    read.normalise();
    Mistake mistake = read.check();
    if (mistake.empty()) out = std::move(read);
    return mistake;
  }

  /// What keeps it from being stored.
  [[nodiscard]] Mistake check() const {
    if (digits_.empty()) return {};
    if (magnitude_ > 126) {
      return "Number overflow. Attempting to store a number with magnitude larger than supported range";
    }
    if (magnitude_ < -129) {
      return "Number underflow. Attempting to store a number with magnitude smaller than supported range";
    }
    if (digits_.size() > digits_max) {
      return "Attempting to store more than 38 significant digits in a Number";
    }
    return {};
  }

  /// `-1500`, `0.025`
  [[nodiscard]] std::string text() const {
    if (digits_.empty()) return "0";
    std::string out = is_negative_ ? "-" : "";
    if (magnitude_ <= 0) {
      out += "0.";
      out.append(static_cast<std::size_t>(-magnitude_), '0');
      return out + digits_;
    }
    const auto whole = static_cast<std::size_t>(magnitude_);
    if (whole >= digits_.size()) return (out + digits_).append(whole - digits_.size(), '0');
    return out + digits_.substr(0, whole) + "." + digits_.substr(whole);
  }

  /// Bytes that it takes in an item: one for two digits and one more, and one for a sign [DOC "Item sizes and
  /// formats": approximately].
  [[nodiscard]] std::size_t size() const { return (digits_.size() + 1) / 2 + 1 + (is_negative_ ? 1 : 0); }

  [[nodiscard]] Decimal negated() const {
    Decimal out = *this;
    out.is_negative_ = !out.digits_.empty() && !is_negative_;
    return out;
  }

  /// Exact; its check() says whether it can be stored.
  friend Decimal operator+(const Decimal& a, const Decimal& b) {
    if (a.digits_.empty()) return b;
    if (b.digits_.empty()) return a;
    // Both as whole numbers of the smaller last digit.
    const std::int64_t unit = std::min(a.unit(), b.unit());
    const std::string left = a.digits_ + std::string(static_cast<std::size_t>(a.unit() - unit), '0');
    const std::string right = b.digits_ + std::string(static_cast<std::size_t>(b.unit() - unit), '0');
    Decimal out;
    const bool is_left_greater = !is_less(left, right);
    if (a.is_negative_ == b.is_negative_) {
      out.digits_ = sum(left, right);
      out.is_negative_ = a.is_negative_;
    } else {
      out.digits_ = is_left_greater ? difference(left, right) : difference(right, left);
      out.is_negative_ = is_left_greater ? a.is_negative_ : b.is_negative_;
    }
    out.magnitude_ = unit + static_cast<std::int64_t>(out.digits_.size());
    out.normalise();
    return out;
  }
  friend Decimal operator-(const Decimal& a, const Decimal& b) { return a + b.negated(); }

  friend bool operator==(const Decimal&, const Decimal&) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
    const int signs = a.sign() - b.sign();
    if (signs != 0) return signs < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
    const std::strong_ordering sizes =
        a.magnitude_ != b.magnitude_ ? a.magnitude_ <=> b.magnitude_ : a.digits_ <=> b.digits_;
    return a.is_negative_ ? 0 <=> sizes : sizes;
  }

 private:
  [[nodiscard]] int sign() const { return digits_.empty() ? 0 : is_negative_ ? -1 : 1; }
  /// The power of ten of its last digit.
  [[nodiscard]] std::int64_t unit() const { return magnitude_ - static_cast<std::int64_t>(digits_.size()); }

  static bool parse_exponent(std::string_view text, std::int64_t& out) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
    constexpr std::int64_t far = 1'000'000;  // any such number overflows
    for (const char digit : text) out = std::min(out * 10 + (digit - '0'), far);
    if (is_negative) out = -out;
    return true;
  }
  void normalise() {
    const std::size_t first = digits_.find_first_not_of('0');
    if (first == std::string::npos) {
      *this = {};
      return;
    }
    magnitude_ -= static_cast<std::int64_t>(first);
    digits_ = digits_.substr(first, digits_.find_last_not_of('0') + 1 - first);
  }

  // ---- Texts of digits, as whole numbers ----

  static bool is_less(const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }
  static std::string sum(const std::string& a, const std::string& b) {
    std::string out(std::max(a.size(), b.size()) + 1, '0');
    int carry = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const int digit = carry + digit_from_right(a, i) + digit_from_right(b, i);
      out[out.size() - 1 - i] = static_cast<char>('0' + digit % 10);
      carry = digit / 10;
    }
    return out;
  }
  /// `a` is at least `b`.
  static std::string difference(const std::string& a, const std::string& b) {
    std::string out(a.size(), '0');
    int borrowed = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
      int digit = digit_from_right(a, i) - digit_from_right(b, i) - borrowed;
      borrowed = digit < 0 ? 1 : 0;
      if (digit < 0) digit += 10;
      out[out.size() - 1 - i] = static_cast<char>('0' + digit);
    }
    return out;
  }
  static int digit_from_right(const std::string& digits, std::size_t at) {
    return at < digits.size() ? digits[digits.size() - 1 - at] - '0' : 0;
  }

  std::string digits_{};
  std::int64_t magnitude_{};
  bool is_negative_{};
};

}  // namespace rushhour::fakes::detail::dynamodb
