/// \file
/// Recognises what examples leave for their readers to fill in: `<your-secret-arn>`, `REPLACE_ME`, the
/// account 123456789012. It reads single texts and knows no documents.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::aws::detail {

/// Accounts as the AWS documentation makes them up: one digit throughout, three groups of one digit
/// (111122223333), or counting (123456789012, 012345678901). Nobody is known to own one.
[[nodiscard]] constexpr bool is_example_account(std::string_view account) {
  if (!is_account_id(account)) return false;
  if (account == "123456789012" || account == "012345678901") return true;
  for (std::size_t group = 0; group < 12; group += 4) {
    if (account.substr(group, 4).find_first_not_of(account[group]) != std::string_view::npos) return false;
  }
  return true;
}

/// Where `word` stands in the text, whatever its case, at the beginning of a word.
[[nodiscard]] constexpr std::optional<std::size_t> find_word(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at) {
    const bool begins = at == 0 || !(is_letter(text[at - 1]) || is_digit(text[at - 1]));
    if (begins && http::equals_ignoring_case(text.substr(at, word.size()), word)) return at;
  }
  return std::nullopt;
}

/// `<...>` or `{...}`, but not a policy variable `${...}`.
[[nodiscard]] constexpr std::optional<std::string_view> bracketed_placeholder(std::string_view text) {
  for (std::size_t open = 0; open < text.size(); ++open) {
    const bool is_variable = text[open] == '{' && open > 0 && text[open - 1] == '$';
    if ((text[open] != '<' && text[open] != '{') || is_variable) continue;
    const std::size_t close = text.find(text[open] == '<' ? '>' : '}', open);
    if (close != std::string_view::npos) return text.substr(open, close - open + 1);
  }
  return std::nullopt;
}

/// The part of the text that its author was meant to replace; nothing when there is none.
[[nodiscard]] constexpr std::optional<std::string_view> placeholder_in(std::string_view text) {
  if (const auto found = bracketed_placeholder(text)) return found;
  constexpr std::array<std::string_view, 14> words{
      "your-",     "your_",      "xxxx",       "account-id",  "account_id", "changeme", "change-me",
      "change_me", "replace-me", "replace_me", "placeholder", "todo",       "fixme",    "insert-"};
  for (const std::string_view word : words) {
    if (const auto at = find_word(text, word)) {
      return text.substr(*at, text.find_first_of(":/ ", *at) - *at);
    }
  }
  if (const std::size_t at = text.find("REPLACE"); at != std::string_view::npos) {  // not "replacements/key"
    return text.substr(at, text.find_first_of(":/ ", at) - at);
  }
  if (text.find("...") != std::string_view::npos) return "...";
  for (std::size_t at = 0; at + 12 <= text.size(); ++at) {
    const bool stands_alone =
        (at == 0 || !is_digit(text[at - 1])) && (at + 12 == text.size() || !is_digit(text[at + 12]));
    if (stands_alone && is_example_account(text.substr(at, 12))) return text.substr(at, 12);
  }
  return std::nullopt;
}

}  // namespace rushhour::aws::detail
