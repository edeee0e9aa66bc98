#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/detail/virustotal_engines.hpp>
#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/detail/json_text.hpp>

namespace rushhour::api::virustotal {

namespace detail {

/// Appends the attributes of a report, in the order in which it shows them; what is absent is left out.
class AttributeWriter {
 public:
  AttributeWriter(std::string& out, std::string_view threat_label) : out_(out), threat_label_(threat_label) {
    out_ += '{';
  }
  void close(std::string_view beside) {
    if (!beside.empty()) {
      if (!first_) out_ += ',';
      out_ += beside;
    }
    out_ += '}';
  }

  void operator()(std::string_view name, std::int64_t value) {
    rushhour::detail::append_integer(key(name), value);
  }
  void operator()(std::string_view name, const std::string& value) {
    rushhour::detail::append_json_string(key(name), value);
  }
  void operator()(std::string_view name, Instant value) {
    (*this)(name, std::chrono::floor<std::chrono::seconds>(value.time_since_epoch()).count());
  }
  template <class T>
  void operator()(std::string_view name, const std::optional<T>& value) {
    if (value) (*this)(name, *value);
  }
  void operator()(std::string_view name, const std::vector<std::string>& values) {
    std::string& out = key(name);
    out += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i != 0) out += ',';
      rushhour::detail::append_json_string(out, values[i]);
    }
    out += ']';
  }
  void operator()(std::string_view name, const AnalysisStats& stats) {
    append_results(key("last_analysis_results"), engines, categories(stats));
    counts(name, std::array<Category, 5>{{{"harmless", {}, stats.harmless},
                                          {"malicious", {}, stats.malicious},
                                          {"suspicious", {}, stats.suspicious},
                                          {"undetected", {}, stats.undetected},
                                          {"timeout", {}, stats.timeout}}});
  }
  void operator()(std::string_view name, const FileAnalysisStats& stats) {
    append_results(key("last_analysis_results"), file_engines, categories(stats, threat_label_),
                   R"(,"engine_version":"1.0.0.1","engine_update":"20260301")");
    counts(name, categories(stats, threat_label_));
  }
  /// `{"suggested_threat_label":"trojan.emotet","popular_threat_category":[{"count":20,"value":"trojan"}],...}`
  void operator()(std::string_view name, const ThreatLabel& label) {
    if (label.suggested.empty()) return;
    const std::size_t dot = label.suggested.find('.');
    AttributeWriter inner{key(name), {}};
    inner("suggested_threat_label", label.suggested);
    inner.popular("popular_threat_category", label.suggested.substr(0, dot), 20);
    if (dot != std::string::npos) inner.popular("popular_threat_name", label.suggested.substr(dot + 1), 12);
    inner.close({});
  }
  void first_of(std::string_view name, const std::optional<std::string>& value) {
    (*this)(name, value ? std::vector{*value} : std::vector<std::string>{});
  }
  void votes(std::string_view name, std::int64_t harmless, std::int64_t malicious) {
    counts(name, std::array<Category, 2>{{{"harmless", {}, harmless}, {"malicious", {}, malicious}}});
  }

 private:
  std::string& key(std::string_view name) {
    rushhour::detail::append_json_key(out_, name, first_);
    return out_;
  }
  void counts(std::string_view name, std::span<const Category> all) {
    AttributeWriter inner{key(name), {}};
    for (const Category& each : all) inner(each.name, each.count);
    inner.close({});
  }
  void popular(std::string_view name, const std::string& value, std::int64_t count) {
    std::string& out = key(name);
    out += '[';
    AttributeWriter inner{out, {}};
    inner("count", count);
    inner("value", value);
    inner.close({});
    out += ']';
  }

  std::string& out_;
  std::string_view threat_label_;
  bool first_ = true;
};

/// Reads the attributes that a report shows front to back, because most of an answer, one entry for each
/// engine, is not wanted: 12 times quicker than by a tree. A member of another kind than asked for counts as
/// absent.
class ObjectReader {
 public:
  explicit ObjectReader(std::string_view text) : json_(text) {}

  /// False when the text is no object of the type, or has no attributes.
  template <class Report>
  [[nodiscard]] bool read(std::string_view type, Report& report, std::string& id) {
    std::string seen;
    bool has_attributes = false;
    object([&](const std::string& name) {
      if (name != "data") return skip();
      object([&](const std::string& member) {
        if (member == "type") {
          seen = text().value_or("");
        } else if (member == "id") {
          id = text().value_or("");
        } else if (member == "attributes") {
          has_attributes = json_.next() == JsonCursor::Kind::object;
          object([&](const std::string& attribute) { read_attribute(report, attribute); });
        } else {
          skip();
        }
      });
    });
    return json_.finish() && has_attributes && seen == type;
  }

 private:
  using JsonCursor = rushhour::detail::JsonCursor;

  /// Shown all attributes of a report, it reads the one that is at hand.
  struct Attribute {
    ObjectReader& reader;
    const std::string& name;
    bool found{};

    template <class T>
    void operator()(std::string_view known, T& place) {
      if (take(known)) reader.value(place);
    }
    void first_of(std::string_view known, std::optional<std::string>& place) {
      if (take(known)) place = reader.first_text();
    }
    void votes(std::string_view known, std::int64_t& harmless, std::int64_t& malicious) {
      if (!take(known)) return;
      reader.counts(std::array{Count{"harmless", &harmless}, Count{"malicious", &malicious}});
    }
    bool take(std::string_view known) { return !found && (found = name == known); }
  };

  template <class Report>
  void read_attribute(Report& report, const std::string& name) {
    Attribute attribute{*this, name};
    Report::each_attribute(report, attribute);
    if (!attribute.found) skip();
  }

  using Count = std::pair<std::string_view, std::int64_t*>;
  void counts(std::span<const Count> places) {
    object([&](const std::string& name) {
      for (const auto& [known, place] : places) {
        if (name == known) return value(*place);
      }
      skip();
    });
  }
  void value(std::int64_t& place) { place = integer().value_or(0); }
  void value(std::optional<std::int64_t>& place) { place = integer(); }
  void value(std::string& place) { place = text().value_or(""); }
  void value(std::optional<std::string>& place) { place = text(); }
  void value(Instant& place) { place = epoch().value_or(Instant{}); }
  void value(std::optional<Instant>& place) { place = epoch(); }
  void value(std::vector<std::string>& places) {
    if (json_.next() != JsonCursor::Kind::array) return skip();
    for (json_.open_array(); json_.element();) {
      if (auto each = text()) places.push_back(std::move(*each));
    }
  }
  void value(AnalysisStats& stats) {
    counts(std::array{Count{"harmless", &stats.harmless}, Count{"malicious", &stats.malicious},
                      Count{"suspicious", &stats.suspicious}, Count{"undetected", &stats.undetected},
                      Count{"timeout", &stats.timeout}});
  }
  void value(FileAnalysisStats& stats) {
    counts(std::array{Count{"harmless", &stats.harmless}, Count{"malicious", &stats.malicious},
                      Count{"suspicious", &stats.suspicious}, Count{"undetected", &stats.undetected},
                      Count{"timeout", &stats.timeout}, Count{"confirmed-timeout", &stats.confirmed_timeout},
                      Count{"failure", &stats.failure}, Count{"type-unsupported", &stats.type_unsupported}});
  }
  void value(ThreatLabel& label) {
    object([&](const std::string& name) {
      if (name != "suggested_threat_label") return skip();
      label.suggested = text().value_or("");
    });
  }

  /// Visits the members of the object that comes next; passes over what is none.
  template <class Visit>
  void object(Visit visit) {
    if (json_.next() != JsonCursor::Kind::object) return skip();
    std::string name;
    for (json_.open_object(); json_.member(name);) visit(name);
  }
  void skip() { json_.skip(); }
  [[nodiscard]] std::optional<std::string> text() {
    std::string out;
    if (json_.next() == JsonCursor::Kind::string && json_.string(out)) return out;
    skip();
    return std::nullopt;
  }
  /// The first element of a list, where it is a text.
  [[nodiscard]] std::optional<std::string> first_text() {
    std::optional<std::string> out;
    if (json_.next() != JsonCursor::Kind::array) {
      skip();
      return out;
    }
    bool first = true;
    for (json_.open_array(); json_.element(); first = false) {
      if (first) {
        out = text();
      } else {
        skip();
      }
    }
    return out;
  }
  [[nodiscard]] std::optional<std::int64_t> integer() {
    const JsonCursor before = json_;
    std::int64_t out = 0;
    if (json_.next() == JsonCursor::Kind::number && json_.integer(out)) return out;
    json_ = before;  // a fraction, say
    skip();
    return std::nullopt;
  }
  [[nodiscard]] std::optional<Instant> epoch() {
    const auto seconds = integer();
    constexpr std::int64_t seconds_max = INT64_MAX / 1'000'000'000;  // what an Instant holds
    if (!seconds || *seconds > seconds_max || *seconds < -seconds_max) return std::nullopt;
    return Instant{std::chrono::seconds{*seconds}};
  }

  JsonCursor json_;
};

template <class Report>
void write_attributes(std::string& out, const Report& report, std::string_view threat_label,
                      std::string_view beside) {
  AttributeWriter writer{out, threat_label};
  Report::each_attribute(report, writer);
  writer.close(beside);
}

template <class Report>
void write_object(std::string& out, Collection collection, std::string_view id, const Report& report,
                  const Beside& beside) {
  out += R"({"type":")";
  out += type_of(collection);
  out += R"(","id":)";
  rushhour::detail::append_json_string(out, id);
  out += R"(,"links":{"self":)";
  std::string self{"https://www.virustotal.com/api/v3/"};
  self += to_text(collection);
  self += '/';
  self += id;
  rushhour::detail::append_json_string(out, self);
  out += R"(},"attributes":)";
  virustotal::append_attributes(out, report, beside.attributes);
  if (!beside.relationships.empty()) {
    out += R"(,"relationships":{)";
    out += beside.relationships;
    out += '}';
  }
  out += '}';
}

}  // namespace detail

RUSHHOUR_INLINE void append_attributes(std::string& out, const IpAddressReport& report,
                                       std::string_view beside) {
  detail::write_attributes(out, report, {}, beside);
}
RUSHHOUR_INLINE void append_attributes(std::string& out, const DomainReport& report,
                                       std::string_view beside) {
  detail::write_attributes(out, report, {}, beside);
}
RUSHHOUR_INLINE void append_attributes(std::string& out, const UrlReport& report, std::string_view beside) {
  detail::write_attributes(out, report, {}, beside);
}
RUSHHOUR_INLINE void append_attributes(std::string& out, const FileReport& report, std::string_view beside) {
  const std::string& label = report.threat_label.suggested;
  detail::write_attributes(out, report, label.empty() ? std::string_view{"malware"} : label, beside);
}

RUSHHOUR_INLINE void append_object(std::string& out, const IpAddressReport& report, Beside beside) {
  detail::write_object(out, Collection::ip_addresses, report.address, report, beside);
}
RUSHHOUR_INLINE void append_object(std::string& out, const DomainReport& report, Beside beside) {
  detail::write_object(out, Collection::domains, report.domain, report, beside);
}
RUSHHOUR_INLINE void append_object(std::string& out, const UrlReport& report, Beside beside) {
  detail::write_object(out, Collection::urls, report.id, report, beside);
}
RUSHHOUR_INLINE void append_object(std::string& out, const FileReport& report, Beside beside) {
  detail::write_object(out, Collection::files, report.sha256, report, beside);
}

RUSHHOUR_INLINE bool read_answer(std::string_view text, IpAddressReport& report) {
  return detail::ObjectReader{text}.read("ip_address", report, report.address);
}
RUSHHOUR_INLINE bool read_answer(std::string_view text, DomainReport& report) {
  return detail::ObjectReader{text}.read("domain", report, report.domain);
}
RUSHHOUR_INLINE bool read_answer(std::string_view text, UrlReport& report) {
  return detail::ObjectReader{text}.read("url", report, report.id);
}
RUSHHOUR_INLINE bool read_answer(std::string_view text, FileReport& report) {
  return detail::ObjectReader{text}.read("file", report, report.sha256);
}

}  // namespace rushhour::api::virustotal
