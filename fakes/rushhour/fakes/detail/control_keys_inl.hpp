#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/detail/admin_answers.hpp>
#include <rushhour/fakes/detail/control_lists.hpp>

namespace rushhour::fakes {

namespace detail {

inline constexpr std::size_t keys_max = 1'000;

/// The last segment of the path, decoded.
RUSHHOUR_INLINE std::string name_in(const http::Request& request) {
  const std::string_view path = request.path();
  return http::percent_decode(path.substr(path.rfind('/') + 1));
}

RUSHHOUR_INLINE http::Response no_such_key(const http::Request& request) {
  return admin_refusal({.status = 404,
                        .message = "there is no such key",
                        .expected = "the name of a key that GET /_rushhour/keys lists",
                        .saw = request.path()});
}

/// Why there is no such group; nothing: the key belongs to none, or to one of the world's.
RUSHHOUR_INLINE std::optional<http::Response> refuse_group(const VirusTotal& virustotal,
                                                           const std::string& group) {
  std::string known;
  for (const VirusTotalGroup& each : virustotal.groups()) {
    if (each.name == group) return std::nullopt;
    known += (known.empty() ? "one of " : ", ") + each.name;
  }
  if (group.empty()) return std::nullopt;
  if (known.empty()) known = "none: there are no groups; a state file or a scenario has them";
  return admin_refusal({.message = "there is no such group", .expected = known, .saw = group});
}

}  // namespace detail

RUSHHOUR_INLINE http::Response Admin::keys(const http::Request& request, http::Gate& gate) {
  std::string revealed;
  std::string_view query = request.query();
  while (const auto field = http::take_field(query)) {
    if (field->name != "reveal" || field->value.empty()) {
      return detail::admin_refusal({.message = "the query cannot be read",
                                    .expected = "reveal=NAME, the key that is told whole, or reveal=all",
                                    .saw = request.query()});
    }
    revealed = http::form_decode(field->value);
  }
  const http::Gate::Entry entry = gate.enter();
  std::vector<std::string> list;
  for (const VirusTotalKey& key : world_.virustotal.keys()) {
    list.push_back(detail::key_json(world_, key, entry.now, revealed == "all" || revealed == key.name));
  }
  return detail::admin_answer(
      detail::JsonObject{}.integer("count", list.size()).raw("keys", detail::json_lines(list)));
}

RUSHHOUR_INLINE http::Response Admin::add_key(const http::Request& request, http::Gate& gate) {
  if (options_.read.key == nullptr) return detail::admin_lacks("this world reads no keys", request.path());
  try {
    VirusTotalKey key = options_.read.key(request.body, nullptr);
    const http::Gate::Entry entry = gate.enter();
    VirusTotal& virustotal = world_.virustotal;
    for (const VirusTotalKey& known : virustotal.keys()) {
      if (known.name != key.name && known.key != key.key) continue;
      return detail::admin_refusal({.status = 409,
                                    .message = "there is such a key",
                                    .expected = "a name and a key that no other has",
                                    .saw = known.name});
    }
    if (virustotal.keys().size() >= detail::keys_max) {
      return detail::admin_refusal({.status = 409,
                                    .message = "there are too many keys",
                                    .expected = "at most " + std::to_string(detail::keys_max),
                                    .saw = std::to_string(virustotal.keys().size())});
    }
    if (auto refusal = detail::refuse_group(virustotal, key.group)) return *std::move(refusal);
    const std::string name = key.name;
    virustotal.add_key(std::move(key), entry.now);
    const VirusTotalKey* made = virustotal.find_key(name);
    return detail::admin_answer(
        detail::JsonObject{}.raw("key", detail::key_json(world_, *made, entry.now, true)));
  } catch (const InputError& error) {
    return detail::admin_refusal(error);
  }
}

RUSHHOUR_INLINE http::Response Admin::set_key(const http::Request& request, http::Gate& gate) {
  if (options_.read.key == nullptr) return detail::admin_lacks("this world reads no keys", request.path());
  try {
    const http::Gate::Entry entry = gate.enter();
    const std::string name = detail::name_in(request);
    const VirusTotalKey* known = world_.virustotal.find_key(name);
    if (known == nullptr) return detail::no_such_key(request);
    VirusTotalKey changed = options_.read.key(request.body, known);
    if (auto refusal = detail::refuse_group(world_.virustotal, changed.group)) return *std::move(refusal);
    world_.virustotal.add_key(std::move(changed), entry.now);
    known = world_.virustotal.find_key(name);
    return detail::admin_answer(
        detail::JsonObject{}.raw("key", detail::key_json(world_, *known, entry.now, false)));
  } catch (const InputError& error) {
    return detail::admin_refusal(error);
  }
}

RUSHHOUR_INLINE http::Response Admin::remove_key(const http::Request& request, http::Gate& gate) {
  const http::Gate::Entry entry = gate.enter();
  if (!world_.virustotal.remove_key(detail::name_in(request))) return detail::no_such_key(request);
  return detail::removed(1);
}

RUSHHOUR_INLINE http::Response Admin::add_verdict(const http::Request& request, http::Gate& gate) {
  if (options_.read.verdict == nullptr)
    return detail::admin_lacks("this world reads no verdicts", request.path());
  try {
    const Verdict verdict = options_.read.verdict(request.body);
    const http::Gate::Entry entry = gate.enter();
    world_.virustotal.set_verdict(verdict.address, verdict.stats);
    return detail::admin_answer(detail::JsonObject{}.text("address", verdict.address));
  } catch (const InputError& error) {
    return detail::admin_refusal(error);
  }
}

}  // namespace rushhour::fakes
