/// \file
/// Reads small XML documents, as SAML assertions are: elements, attributes and text. Stricter than XML:
/// comments, CDATA, document types and processing instructions after the first are refused, because readers
/// that disagree about them are how assertions are forged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rushhour::fakes::detail {

/// Names are without their namespace prefix.
struct XmlElement {
  std::string name{};
  std::vector<std::pair<std::string, std::string>> attributes{};
  std::string text{};  ///< of the element itself, entities replaced
  std::vector<XmlElement> children{};

  [[nodiscard]] std::string_view attribute(std::string_view wanted) const {
    for (const auto& [key, value] : attributes) {
      if (key == wanted) return value;
    }
    return {};
  }
  /// The first one of that name, at any depth, or null.
  [[nodiscard]] const XmlElement* find(std::string_view wanted) const {
    for (const XmlElement& child : children) {
      if (child.name == wanted) return &child;
      if (const XmlElement* deeper = child.find(wanted)) return deeper;
    }
    return nullptr;
  }
};

class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : rest_(text) {}

  /// The root element; nothing when the text is not well formed, or more than 32 elements deep.
  [[nodiscard]] std::optional<XmlElement> read() {
    skip_space();
    if (rest_.starts_with("<?")) {
      const std::size_t end = rest_.find("?>");
      if (end == std::string_view::npos) return std::nullopt;
      rest_.remove_prefix(end + 2);
      skip_space();
    }
    XmlElement root;
    if (!read_element(root, 0)) return std::nullopt;
    skip_space();
    if (!rest_.empty()) return std::nullopt;
    return root;
  }

 private:
  static constexpr int depth_max = 32;

  bool read_element(XmlElement& element, int depth) {
    if (depth >= depth_max || !take("<") || !read_name(element.name)) return false;
    while (true) {
      skip_space();
      if (take("/>")) return true;
      if (take(">")) break;
      if (!read_attribute(element)) return false;
    }
    while (!rest_.starts_with("</")) {
      if (rest_.empty()) return false;
      if (rest_.front() == '<') {
        if (!read_element(element.children.emplace_back(), depth + 1)) return false;
      } else if (!read_text(rest_.find('<'), element.text)) {
        return false;
      }
    }
    std::string closing;
    if (!take("</") || !read_name(closing) || closing != element.name) return false;
    skip_space();
    return take(">");
  }

  bool read_attribute(XmlElement& element) {
    std::string name;
    if (!read_name(name)) return false;
    skip_space();
    if (!take("=")) return false;
    skip_space();
    if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\'')) return false;
    const char quote = rest_.front();
    rest_.remove_prefix(1);
    std::string value;
    if (!read_text(rest_.find(quote), value)) return false;
    rest_.remove_prefix(1);
    element.attributes.emplace_back(std::move(name), std::move(value));
    return true;
  }

  /// Up to `end`, with entities replaced.
  bool read_text(std::size_t end, std::string& out) {
    if (end == std::string_view::npos) return false;
    std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    while (!text.empty()) {
      const std::size_t mark = text.find('&');
      out += text.substr(0, mark);
      if (mark == std::string_view::npos) return true;
      text.remove_prefix(mark + 1);
      const std::size_t close = text.find(';');
      if (close == std::string_view::npos || !append_entity(text.substr(0, close), out)) return false;
      text.remove_prefix(close + 1);
    }
    return true;
  }

  static bool append_entity(std::string_view name, std::string& out) {
    constexpr std::pair<std::string_view, char> named[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (const auto& [known, character] : named) {
      if (name != known) continue;
      out += character;
      return true;
    }
    return false;  // numbered ones are no part of any assertion that the fakes know
  }

  /// With its prefix taken off.
  bool read_name(std::string& out) {
    const std::size_t end = rest_.find_first_of(" \t\r\n/>=<\"'&");
    if (end == 0 || end == std::string_view::npos) return false;
    const std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (name.front() == '!' || name.front() == '?') return false;
    out = name.substr(name.rfind(':') + 1);
    return !out.empty();
  }

  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  void skip_space() {
    const std::size_t end = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
  }

  std::string_view rest_;
};

}  // namespace rushhour::fakes::detail
