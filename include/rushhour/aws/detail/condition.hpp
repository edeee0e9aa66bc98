/// \file
/// The table of condition operators, and how their names are put together. A new operator is a row here and
/// nothing elsewhere. How several values of one key count is compiled_policy.hpp's business.
///
/// Source: "IAM JSON policy elements: Condition operators", "Set operators for multivalued context keys",
/// IAM User Guide (spec tag DOC).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string_view>

#include <rushhour/aws/detail/ip_network.hpp>
#include <rushhour/aws/detail/ordered_values.hpp>
#include <rushhour/aws/detail/wildcards.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::aws::detail {

[[nodiscard]] constexpr bool string_equals(std::string_view wanted, std::string_view actual) {
  return wanted == actual;
}

/// `actual` stands in this order to `wanted`. False when one of them cannot be read.
template <auto parse, class Order>
[[nodiscard]] constexpr bool is_ordered(std::string_view wanted, std::string_view actual) {
  const auto right = parse(wanted);
  const auto left = parse(actual);
  return left && right && Order{}(*left, *right);
}

/// The wanted value is base64, the actual one its bytes.
[[nodiscard]] inline bool binary_equals(std::string_view wanted, std::string_view actual) {
  return rushhour::detail::decode_base64(wanted) == actual;
}

[[nodiscard]] constexpr bool is_any_text(std::string_view) { return true; }
[[nodiscard]] constexpr bool is_arn_pattern(std::string_view text) { return arn_parts(text).has_value(); }
[[nodiscard]] constexpr bool is_bool(std::string_view text) {
  return http::equals_ignoring_case(text, "true") || http::equals_ignoring_case(text, "false");
}
[[nodiscard]] constexpr bool is_decimal(std::string_view text) { return parse_decimal(text).has_value(); }
[[nodiscard]] inline bool is_moment(std::string_view text) { return parse_moment(text).has_value(); }
[[nodiscard]] inline bool is_base64(std::string_view text) {
  return rushhour::detail::decode_base64(text).has_value();
}

using Comparison = bool (*)(std::string_view wanted, std::string_view actual);

/// What the values of an operator must look like.
struct ValueForm {
  bool (*is_valid)(std::string_view wanted) = &is_any_text;
  std::string_view expected{"a string"};              ///< a valid value, for the error
  bool (*reads)(std::string_view actual) = is_valid;  ///< whether a request's value is of the kind
  bool takes_variables{};                             ///< DOC: only operators of strings and ARNs do
};

inline constexpr ValueForm text_form{.takes_variables = true};
inline constexpr ValueForm arn_form{.is_valid = &is_arn_pattern,
                                    .expected = "an ARN of six parts, such as \"arn:aws:iam::*:role/*\"",
                                    .takes_variables = true};
inline constexpr ValueForm bool_form{.is_valid = &is_bool, .expected = "\"true\" or \"false\""};
inline constexpr ValueForm number_form{.is_valid = &is_decimal,
                                       .expected = "a number such as \"10\" or \"2.5\""};
inline constexpr ValueForm date_form{
    .is_valid = &is_moment, .expected = "a date such as \"2026-03-02T14:00:00Z\", or seconds since 1970"};
inline constexpr ValueForm network_form{.is_valid = &is_ip_network,
                                        .expected = "an address or a block such as \"203.0.113.0/24\""};
inline constexpr ValueForm binary_form{.is_valid = &is_base64, .expected = "base64", .reads = &is_any_text};

struct ConditionOperator {
  std::string_view name{};
  const ValueForm* form{};
  Comparison matches{};
  bool negated{};                ///< true when no value matches, and when the key is absent
  Comparison matches_escaped{};  ///< of operators that know wildcards: for patterns with variables' values
};

namespace operator_rows {

template <class Order>
inline constexpr Comparison number = &is_ordered<&parse_decimal, Order>;
template <class Order>
inline constexpr Comparison date = &is_ordered<&parse_moment, Order>;
inline constexpr Comparison like_escaped = &string_like<Escapes::backslash>;
inline constexpr Comparison arn_escaped = &arn_like<Escapes::backslash>;

}  // namespace operator_rows

/// ArnEquals means the same as ArnLike (DOC).
inline constexpr std::array condition_operators{
    ConditionOperator{"StringEquals", &text_form, &string_equals},
    ConditionOperator{"StringNotEquals", &text_form, &string_equals, true},
    ConditionOperator{"StringEqualsIgnoreCase", &text_form, &http::equals_ignoring_case},
    ConditionOperator{"StringNotEqualsIgnoreCase", &text_form, &http::equals_ignoring_case, true},
    ConditionOperator{"StringLike", &text_form, &string_like, false, operator_rows::like_escaped},
    ConditionOperator{"StringNotLike", &text_form, &string_like, true, operator_rows::like_escaped},
    ConditionOperator{"ArnEquals", &arn_form, &arn_like, false, operator_rows::arn_escaped},
    ConditionOperator{"ArnNotEquals", &arn_form, &arn_like, true, operator_rows::arn_escaped},
    ConditionOperator{"ArnLike", &arn_form, &arn_like, false, operator_rows::arn_escaped},
    ConditionOperator{"ArnNotLike", &arn_form, &arn_like, true, operator_rows::arn_escaped},
    ConditionOperator{"Bool", &bool_form, &http::equals_ignoring_case},
    ConditionOperator{"NumericEquals", &number_form, operator_rows::number<std::equal_to<>>},
    ConditionOperator{"NumericNotEquals", &number_form, operator_rows::number<std::equal_to<>>, true},
    ConditionOperator{"NumericLessThan", &number_form, operator_rows::number<std::less<>>},
    ConditionOperator{"NumericLessThanEquals", &number_form, operator_rows::number<std::less_equal<>>},
    ConditionOperator{"NumericGreaterThan", &number_form, operator_rows::number<std::greater<>>},
    ConditionOperator{"NumericGreaterThanEquals", &number_form, operator_rows::number<std::greater_equal<>>},
    ConditionOperator{"DateEquals", &date_form, operator_rows::date<std::equal_to<>>},
    ConditionOperator{"DateNotEquals", &date_form, operator_rows::date<std::equal_to<>>, true},
    ConditionOperator{"DateLessThan", &date_form, operator_rows::date<std::less<>>},
    ConditionOperator{"DateLessThanEquals", &date_form, operator_rows::date<std::less_equal<>>},
    ConditionOperator{"DateGreaterThan", &date_form, operator_rows::date<std::greater<>>},
    ConditionOperator{"DateGreaterThanEquals", &date_form, operator_rows::date<std::greater_equal<>>},
    ConditionOperator{"IpAddress", &network_form, &in_ip_network},
    ConditionOperator{"NotIpAddress", &network_form, &in_ip_network, true},
    ConditionOperator{"BinaryEquals", &binary_form, &binary_equals},
};

/// Compares with whether the key is absent, so it is the one operator that no absent key decides beforehand.
inline constexpr ConditionOperator null_operator{"Null", &bool_form, &http::equals_ignoring_case};

/// How many of a key's values must satisfy the operator.
enum class Quantifier : std::uint8_t { none, any, all };

struct NamedOperator {
  const ConditionOperator* row{};  ///< null when the name is none of the table's
  Quantifier quantifier{};
  bool if_exists{};
};

/// Takes `ForAnyValue:` or `ForAllValues:` and `IfExists` off the name. Null goes with neither.
[[nodiscard]] constexpr NamedOperator condition_operator(std::string_view name) {
  if (name == null_operator.name) return {.row = &null_operator};
  constexpr std::string_view any = "ForAnyValue:";
  constexpr std::string_view all = "ForAllValues:";
  constexpr std::string_view suffix = "IfExists";
  NamedOperator named;
  if (name.starts_with(any)) {
    named.quantifier = Quantifier::any;
    name.remove_prefix(any.size());
  } else if (name.starts_with(all)) {
    named.quantifier = Quantifier::all;
    name.remove_prefix(all.size());
  }
  named.if_exists = name.ends_with(suffix);
  if (named.if_exists) name.remove_suffix(suffix.size());
  const auto row = std::find_if(condition_operators.begin(), condition_operators.end(),
                                [name](const ConditionOperator& known) { return known.name == name; });
  if (row != condition_operators.end()) named.row = &*row;
  return named;
}

}  // namespace rushhour::aws::detail
