/// \file
/// Bodies of virustotal.hpp: what is submitted, and what becomes of it on the clock.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/detail/virustotal_engines.hpp>
#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/fakes/detail/json_object.hpp>
#include <rushhour/fakes/detail/virustotal_elements.hpp>
#include <rushhour/fakes/detail/virustotal_fiction.hpp>
#include <rushhour/fakes/virustotal.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::fakes {

namespace detail {

/// `u-{sha256}-{epoch}` for URLs, base64 of `{md5}:{epoch}` for files [REC]; for the others like URLs
/// [CHOICE].
[[nodiscard]] inline std::string analysis_id(const VirusTotalAnalysis& analysis) {
  const std::string epoch = std::to_string(epoch_seconds(analysis.submitted));
  if (analysis.subject.collection == api::virustotal::Collection::files) {
    std::string out;
    rushhour::detail::append_base64(out, analysis.file.md5 + ":" + epoch);
    return out;
  }
  constexpr std::string_view letters[] = {"i-", "d-", "u-"};
  return std::string{letters[static_cast<std::size_t>(analysis.subject.collection)]} + analysis.subject.id +
         "-" + epoch;
}

template <class Stats>
[[nodiscard]] std::string results_json(const Stats& stats) {
  std::string out;
  if constexpr (requires { stats.failure; }) {
    api::virustotal::detail::append_results(out, api::virustotal::detail::file_engines,
                                            api::virustotal::detail::categories(stats, "malware"));
  } else {
    api::virustotal::detail::append_results(out, api::virustotal::detail::engines,
                                            api::virustotal::detail::categories(stats));
  }
  return out;
}

template <class Stats>
[[nodiscard]] std::string stats_json(const Stats& stats) {
  JsonObject out;
  const auto add = [&](const auto& all) {
    for (const auto& each : all) out.raw(each.name, std::to_string(each.count));
  };
  if constexpr (requires { stats.failure; }) {
    add(api::virustotal::detail::categories(stats, {}));
  } else {
    add(api::virustotal::detail::categories(stats));
  }
  return out.json();
}

/// What an analysis says while it has nothing to say: all zeros, no results. [MEM]
struct Findings {
  std::string stats{};
  std::string results{"{}"};
};
template <class Report>
[[nodiscard]] Findings findings_of(const std::optional<Report>& report, bool is_completed) {
  using Stats = decltype(report->last_analysis_stats);
  if (!is_completed || !report) return {.stats = stats_json(Stats{})};
  return {.stats = stats_json(report->last_analysis_stats),
          .results = results_json(report->last_analysis_stats)};
}

[[nodiscard]] inline std::string analysis_link(std::string_view id) {
  return JsonObject{}.text("self", api_link("/analyses/" + http::percent_encode(id, ":="))).json();
}

}  // namespace detail

RUSHHOUR_INLINE void VirusTotal::conclude(const VirusTotalAnalysis& analysis) {
  const Instant done = submissions_.completed(analysis);
  const auto date = [&](auto& report) { report.last_analysis_date = done; };
  const auto submission = [&](auto& report) {
    if (report.times_submitted == 0) report.first_submission_date = analysis.submitted;
    report.last_submission_date = analysis.submitted;
    report.last_analysis_date = done;
    ++report.times_submitted;
  };
  switch (analysis.subject.collection) {
    case Collection::ip_addresses:
      objects_.change_address(analysis.subject.id).change(date);
      break;
    case Collection::domains:
      objects_.change_domain(analysis.subject.id).change(date);
      break;
    case Collection::urls:
      objects_.submit_url(analysis.url).change(submission);
      break;
    case Collection::files:
      objects_.submit_file(analysis.file, analysis.file_size).change([&](api::virustotal::FileReport& file) {
        submission(file);
        if (analysis.file_name.empty()) return;
        if (std::ranges::find(file.names, analysis.file_name) == file.names.end())
          file.names.push_back(analysis.file_name);
        file.meaningful_name = file.names.front();
      });
  }
}

RUSHHOUR_INLINE api::virustotal::Document VirusTotal::submitted(const VirusTotalAnalysis& analysis) const {
  return {detail::data_json(detail::JsonObject{}
                                .text("type", "analysis")
                                .text("id", analysis.id)
                                .raw("links", detail::analysis_link(analysis.id))
                                .json())};
}

RUSHHOUR_INLINE api::virustotal::Document VirusTotal::submit_url(const std::string& canonical, Instant now) {
  VirusTotalAnalysis analysis{
      .subject = {.collection = Collection::urls, .id = api::virustotal::sha256_text(canonical)},
      .submitted = now,
      .url = canonical};
  analysis.id = detail::analysis_id(analysis);
  return submitted(submissions_.submit(std::move(analysis)));
}

RUSHHOUR_INLINE api::virustotal::Document VirusTotal::submit_file(const std::string& content,
                                                                  std::string_view name, Instant now) {
  VirusTotalAnalysis analysis{.submitted = now,
                              .file = {.sha256 = api::virustotal::sha256_text(content),
                                       .sha1 = api::virustotal::sha1_text(content),
                                       .md5 = api::virustotal::md5_text(content)},
                              .file_size = static_cast<std::int64_t>(content.size()),
                              .file_name = std::string{name}};
  analysis.subject = {.collection = Collection::files, .id = analysis.file.sha256};
  analysis.id = detail::analysis_id(analysis);
  return submitted(submissions_.submit(std::move(analysis)));
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::analyse(Collection of, std::string_view id,
                                                                      Instant now) {
  const auto subject = find_subject(of, id, now);
  if (!subject.ok()) return subject.failure();
  if (of == Collection::urls) {
    const auto url = objects_.url_of(subject->id);
    if (!url) return no_such_object(of, id);
    return submit_url(*url, now);
  }
  VirusTotalAnalysis analysis{.subject = *subject, .submitted = now};
  if (of == Collection::files) analysis.file = objects_.identity_of(subject->id).value_or(FileIdentity{});
  analysis.id = detail::analysis_id(analysis);
  return submitted(submissions_.submit(std::move(analysis)));
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::SubmitUrl& request,
                                                                 const Caller& /*caller*/, Instant now) {
  settle(now);
  const auto canonical = api::virustotal::canonical_url(request.url);
  if (!canonical) return detail::invalid_argument("Unable to canonicalize url");  // [MEM]
  return submit_url(*canonical, now);
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::SubmitFile& request,
                                                                 const Caller& /*caller*/, Instant now) {
  settle(now);
  return submit_file(request.content, request.name, now);
}

/// The URL leads back to the fake: the scheme and host that the client used. Real hosts are behind TLS; so
/// is what says that it is (X-Forwarded-Proto is not looked at: nothing stands before the fake). [CHOICE]
RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(
    const api::virustotal::GetUploadUrl& /*request*/, const Caller& caller, Instant now) {
  std::string_view host = caller.origin == nullptr ? std::string_view{} : caller.origin->host;
  if (host.empty()) host = api::virustotal::host;
  const std::string_view name = host.substr(0, host.find(':'));
  const bool is_real = http::equals_ignoring_case(name, api::virustotal::host);
  std::string url = is_real ? "https://" : "http://";
  url += host;
  url += "/_ah/upload/" + submissions_.open_upload(now) + "/";
  return Document{detail::JsonObject{}.text("data", url).json()};
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::UploadFile& request,
                                                                 const Caller& /*caller*/, Instant now) {
  settle(now);
  // [CHOICE] an upload URL that was used, or is too old, is no resource any more.
  if (!submissions_.use_upload(request.token, now)) return detail::no_resource();
  return submit_file(request.content, request.name, now);
}

RUSHHOUR_INLINE Result<api::virustotal::Document> VirusTotal::on(const api::virustotal::GetAnalysis& request,
                                                                 const Caller& /*caller*/, Instant now) {
  settle(now);
  const VirusTotalAnalysis* const analysis = submissions_.find(request.id);
  if (analysis == nullptr) return detail::object_not_found("Analysis", request.id);
  const AnalysisStage stage = submissions_.stage(*analysis, now);
  const bool is_completed = stage == AnalysisStage::completed;
  const std::string& id = analysis->subject.id;
  detail::Findings findings;
  std::string item{detail::JsonObject{}.json()};
  switch (analysis->subject.collection) {
    case Collection::ip_addresses:
      findings = detail::findings_of(objects_.address(id), is_completed);
      break;
    case Collection::domains:
      findings = detail::findings_of(objects_.domain(id), is_completed);
      break;
    case Collection::urls:
      findings = detail::findings_of(objects_.url(id), is_completed);
      item = detail::JsonObject{}
                 .raw("url_info", detail::JsonObject{}.text("id", id).text("url", analysis->url).json())
                 .json();
      break;
    case Collection::files:
      findings = detail::findings_of(objects_.file(id), is_completed);
      detail::JsonObject file;
      file.text("sha256", analysis->file.sha256).text("sha1", analysis->file.sha1);
      file.text("md5", analysis->file.md5);
      if (analysis->file_size >= 0) file.raw("size", std::to_string(analysis->file_size));
      item = detail::JsonObject{}.raw("file_info", file.json()).json();
  }
  const std::string attributes = detail::JsonObject{}
                                     .raw("date", std::to_string(detail::epoch_seconds(analysis->submitted)))
                                     .raw("results", findings.results)
                                     .raw("stats", findings.stats)
                                     .text("status", status_of(stage))
                                     .json();
  const std::string links = detail::analysis_link(analysis->id);
  detail::JsonObject out;
  out.raw("data", detail::JsonObject{}
                      .text("type", "analysis")
                      .text("id", analysis->id)
                      .raw("links", links)
                      .raw("attributes", attributes)
                      .json());
  if (item != "{}") out.raw("meta", item);
  return Document{out.json()};
}

}  // namespace rushhour::fakes
