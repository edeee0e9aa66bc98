#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <span>
#include <unordered_map>
#include <utility>

#include <rushhour/fakes/detail/stub_conditions.hpp>
#include <rushhour/fakes/stubs.hpp>

namespace rushhour::fakes {

namespace detail {

struct StubCondition {
  Part part{};
  std::string name{};  ///< of a query parameter, form field or header
  TextMatch match{};
  Json json{};
  bool ignores_case{};
};

/// A stub that is there.
struct StubEntry {
  std::uint64_t id{};
  Stub stub{};
  std::vector<StubCondition> conditions{};
  std::uint64_t answered{};

  [[nodiscard]] bool is_spent() const { return stub.times != 0 && answered >= stub.times; }
};

struct MissedRequest {
  Instant at{};
  http::Request request{};
  api::Service service{};
  std::string operation{};
};

RUSHHOUR_INLINE bool fits(const TextMatch& match, std::string_view text, bool ignores_case) {
  switch (match.kind) {
    case TextMatch::Kind::exact:
      return ignores_case ? http::equals_ignoring_case(text, match.text) : text == match.text;
    case TextMatch::Kind::prefix:
      return text.starts_with(match.text);
    case TextMatch::Kind::contains:
      return text.find(match.text) != std::string_view::npos;
    case TextMatch::Kind::pattern:
      return matches_pattern(match.text, text);
    case TextMatch::Kind::present:
      return true;
    case TextMatch::Kind::absent:
      return false;
  }
  return false;
}

/// Shows every value that the condition looks at, until `visit` is content.
template <class Visit>
void visit_values(const StubCondition& condition, SeenRequest& seen, Visit visit) {
  const auto fields = [&](const std::vector<http::FormField>& all) {
    for (const http::FormField& field : all) {
      if (field.name == condition.name && visit(field.value)) return;
    }
  };
  switch (condition.part) {
    case Part::service:
      return static_cast<void>(visit(seen.service()));
    case Part::operation:
      return static_cast<void>(visit(seen.operation()));
    case Part::host:
      return static_cast<void>(visit(seen.host()));
    case Part::method:
      return static_cast<void>(visit(seen.request().method));
    case Part::path:
      return static_cast<void>(visit(seen.path()));
    case Part::query:
      return fields(seen.query());
    case Part::form:
      return fields(seen.form());
    case Part::header:
      for (const http::Header& header : seen.request().headers) {
        if (http::equals_ignoring_case(header.name, condition.name) && visit(header.value)) return;
      }
      return;
    case Part::body:
    case Part::json:
      return static_cast<void>(visit(seen.request().body));
  }
}

RUSHHOUR_INLINE bool holds(const StubCondition& condition, SeenRequest& seen) {
  if (condition.part == Part::json) {
    return !seen.json().is_discarded() && !first_difference(condition.json, seen.json());
  }
  bool found = false;
  bool any = false;
  visit_values(condition, seen, [&](std::string_view value) {
    any = true;
    return found = fits(condition.match, value, condition.ignores_case);
  });
  return condition.match.kind == TextMatch::Kind::absent ? !any : found;
}

RUSHHOUR_INLINE std::string expected_text(const StubCondition& condition) {
  const std::string text = is_secret(condition.part, condition.name) ? shown(masked(condition.match.text))
                                                                     : shown(condition.match.text);
  switch (condition.match.kind) {
    case TextMatch::Kind::exact:
      return text;
    case TextMatch::Kind::prefix:
      return "a text that begins with " + text;
    case TextMatch::Kind::contains:
      return "a text that contains " + text;
    case TextMatch::Kind::pattern:
      return "a text like " + text;
    case TextMatch::Kind::present:
      return "anything";
    case TextMatch::Kind::absent:
      return "nothing";
  }
  return text;
}

/// Why the condition does not hold.
RUSHHOUR_INLINE FailedCondition explain(const StubCondition& condition, SeenRequest& seen) {
  std::string what{word_of(condition.part)};
  if (condition.part == Part::json) {
    if (seen.json().is_discarded()) {
      const std::string& body = seen.request().body;
      return {what, "a JSON body", body.empty() ? "nothing" : shown(body)};
    }
    auto difference = first_difference(condition.json, seen.json());
    if (!difference) return {what, "", ""};
    if (!difference->pointer.empty()) what += " " + difference->pointer;
    return {std::move(what), shown(difference->wanted), shown(difference->seen)};
  }
  if (!condition.name.empty()) what += " " + condition.name;
  std::string saw;
  visit_values(condition, seen, [&](std::string_view value) {
    if (!saw.empty()) saw += ", ";
    saw += shown(is_secret(condition.part, condition.name) ? masked(value) : std::string{value});
    return false;
  });
  return {std::move(what), expected_text(condition), saw.empty() ? "nothing" : std::move(saw)};
}

/// Cheap ones first, since the first that fails decides.
RUSHHOUR_INLINE std::vector<StubCondition> conditions_of(const StubMatch& match) {
  std::vector<StubCondition> out;
  const auto word = [&out](Part part, std::string_view text, bool ignores_case = false) {
    if (text.empty()) return;
    out.push_back({.part = part, .match = {.text = std::string{text}}, .ignores_case = ignores_case});
  };
  const auto fields = [&out](Part part, const std::vector<FieldMatch>& all) {
    for (const FieldMatch& field : all)
      out.push_back({.part = part, .name = field.name, .match = field.value});
  };
  if (match.service) word(Part::service, api::to_text(*match.service));
  word(Part::operation, match.operation);
  word(Part::method, match.method, true);
  if (match.path) out.push_back({.part = Part::path, .match = *match.path});
  word(Part::host, match.host, true);
  fields(Part::query, match.query);
  fields(Part::header, match.headers);
  fields(Part::form, match.form);
  if (match.body) out.push_back({.part = Part::body, .match = *match.body});
  if (!match.json.empty()) {
    out.push_back({.part = Part::json, .json = Json::parse(match.json, nullptr, false)});
    RUSHHOUR_ASSERT(!out.back().json.is_discarded(), "match.json of a stub is JSON");
  }
  return out;
}

RUSHHOUR_INLINE bool all_hold(const StubEntry& entry, SeenRequest& seen) {
  return std::all_of(entry.conditions.begin(), entry.conditions.end(),
                     [&seen](const StubCondition& condition) { return holds(condition, seen); });
}

RUSHHOUR_INLINE std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())),
                    b.begin())
          .first -
      a.begin());
}

}  // namespace detail

struct Stubs::State {
  using Entries = std::vector<detail::StubEntry*>;  // oldest first

  std::map<std::uint64_t, detail::StubEntry> entries{};
  std::unordered_map<std::string, Entries> by_path{};  ///< those with an exact one
  Entries others{};
  std::deque<detail::MissedRequest> missed{};
  std::uint64_t added = 0;

  /// The list that a stub is in.
  Entries& list_of(const Stub& stub) {
    const auto& path = stub.match.path;
    return path && path->kind == TextMatch::Kind::exact ? by_path[path->text] : others;
  }

  /// The latest that fits, from two lists side by side.
  detail::StubEntry* find(detail::SeenRequest& seen) {
    const auto same_path = by_path.find(seen.path());
    std::span<detail::StubEntry* const> exact;
    if (same_path != by_path.end()) exact = same_path->second;
    auto a = exact.rbegin();
    auto b = others.rbegin();
    while (a != exact.rend() || b != others.rend()) {
      const bool takes_a = b == others.rend() || (a != exact.rend() && (*a)->id > (*b)->id);
      detail::StubEntry* const entry = takes_a ? *a++ : *b++;
      if (!entry->is_spent() && detail::all_hold(*entry, seen)) return entry;
    }
    return nullptr;
  }

  void remember_miss(const StubRequest& missed_request, Instant now) {
    detail::MissedRequest miss{.at = now,
                               .request = missed_request.request,
                               .service = missed_request.service,
                               .operation = std::string{missed_request.operation}};
    if (miss.request.body.size() > missed_body_max) miss.request.body.resize(missed_body_max);
    missed.push_back(std::move(miss));
    if (missed.size() > misses_max) missed.pop_front();
  }

  [[nodiscard]] StubMiss explain(const detail::MissedRequest& miss) const;
};

RUSHHOUR_INLINE StubMiss Stubs::State::explain(const detail::MissedRequest& miss) const {
  detail::SeenRequest seen{miss.request, api::to_text(miss.service), miss.operation};
  const detail::StubEntry* nearest = nullptr;
  std::pair<std::size_t, std::size_t> least{};  // failed conditions; how far the path is from alike
  for (const auto& [id, entry] : entries) {
    std::size_t failed = entry.is_spent() ? 1U : 0U;
    for (const detail::StubCondition& condition : entry.conditions)
      failed += holds(condition, seen) ? 0U : 1U;
    const auto& path = entry.stub.match.path;
    const std::size_t alike = path ? detail::common_prefix(path->text, seen.path()) : 0;
    const std::pair distance{failed, seen.path().size() - alike};
    if (nearest != nullptr && least < distance) continue;
    nearest = &entry;
    least = distance;
  }
  StubMiss out{.at = miss.at, .method = miss.request.method, .target = miss.request.target};
  if (nearest == nullptr) return out;
  out.nearest = nearest->id;
  out.name = nearest->stub.name;
  for (const detail::StubCondition& condition : nearest->conditions) {
    if (!holds(condition, seen)) out.failed.push_back(detail::explain(condition, seen));
  }
  if (nearest->is_spent()) {
    out.failed.push_back({"times", "at most " + std::to_string(nearest->stub.times) + " requests",
                          std::to_string(nearest->answered) + " before this one"});
  }
  return out;
}

RUSHHOUR_INLINE Stubs::Stubs() : state_(std::make_unique<State>()) {}
RUSHHOUR_INLINE Stubs::~Stubs() = default;

RUSHHOUR_INLINE std::uint64_t Stubs::add(Stub stub) {
  RUSHHOUR_ASSERT(!stub.answers.empty(), "a stub has an answer");
  RUSHHOUR_ASSERT(size() < count_max, "there are at most count_max stubs");
  if (stub.match.path && stub.match.path->kind == TextMatch::Kind::exact) {
    stub.match.path->text = http::percent_decode(stub.match.path->text);
  }
  const std::uint64_t id = ++state_->added;
  auto conditions = detail::conditions_of(stub.match);
  detail::StubEntry& entry =
      state_->entries
          .emplace(id,
                   detail::StubEntry{.id = id, .stub = std::move(stub), .conditions = std::move(conditions)})
          .first->second;
  state_->list_of(entry.stub).push_back(&entry);
  count_.store(state_->entries.size(), std::memory_order_relaxed);
  return id;
}

RUSHHOUR_INLINE bool Stubs::remove(std::uint64_t id) {
  const auto found = state_->entries.find(id);
  if (found == state_->entries.end()) return false;
  State::Entries& list = state_->list_of(found->second.stub);
  std::erase(list, &found->second);
  if (list.empty() && &list != &state_->others) state_->by_path.erase(found->second.stub.match.path->text);
  state_->entries.erase(found);
  count_.store(state_->entries.size(), std::memory_order_relaxed);
  return true;
}

RUSHHOUR_INLINE void Stubs::clear() {
  state_->by_path.clear();
  state_->others.clear();
  state_->entries.clear();
  state_->missed.clear();
  count_.store(0, std::memory_order_relaxed);
}

RUSHHOUR_INLINE const StubAnswer* Stubs::answer(const StubRequest& request, Instant now) {
  detail::SeenRequest seen{request.request, api::to_text(request.service), request.operation};
  detail::StubEntry* const entry = state_->find(seen);
  if (entry == nullptr) {
    state_->remember_miss(request, now);
    return nullptr;
  }
  const std::size_t turn = std::min<std::uint64_t>(entry->answered++, entry->stub.answers.size() - 1);
  return &entry->stub.answers[turn];
}

RUSHHOUR_INLINE std::vector<StubState> Stubs::list() const {
  std::vector<StubState> out;
  for (const auto& [id, entry] : state_->entries)
    out.push_back({.id = id, .stub = &entry.stub, .answered = entry.answered});
  return out;
}

RUSHHOUR_INLINE std::vector<StubMiss> Stubs::misses(std::size_t limit) const {
  std::vector<StubMiss> out;
  const auto& missed = state_->missed;
  for (std::size_t i = missed.size() - std::min(limit, missed.size()); i < missed.size(); ++i)
    out.push_back(state_->explain(missed[i]));
  return out;
}

}  // namespace rushhour::fakes
