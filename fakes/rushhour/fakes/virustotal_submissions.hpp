/// \file
/// What was submitted to the fake of VirusTotal: analyses with their stages on the clock, and upload URLs
/// that are used once. It derives no verdict: what an analysis finds is the objects' business.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/detail/hex.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/fakes/virustotal_community.hpp>
#include <rushhour/fakes/virustotal_objects.hpp>
#include <rushhour/fakes/virustotal_options.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// One analysis of one object.
struct VirusTotalAnalysis {
  std::string id{};
  VirusTotalSubject subject{};
  Instant submitted{};
  std::string url{};           ///< canonical, of URLs
  FileIdentity file{};         ///< of files
  std::int64_t file_size{-1};  ///< bytes, of files that came with their content; -1: of others
  std::string file_name{};     ///< of files that came with their content
};

enum class AnalysisStage : std::uint8_t { queued, in_progress, completed };

/// As an analysis says it.
[[nodiscard]] constexpr std::string_view status_of(AnalysisStage stage) {
  constexpr std::string_view texts[] = {"queued", "in-progress", "completed"};
  return texts[static_cast<std::size_t>(stage)];
}

class VirusTotalSubmissions {
 public:
  VirusTotalSubmissions(Random random, const VirusTotalOptions& options)
      : draws_(random.stream("virustotal.uploads")), options_(options) {}

  // ---- Analyses ----

  /// Of two with one id, which are of one object in one second, the first counts.
  const VirusTotalAnalysis& submit(VirusTotalAnalysis analysis) {
    const auto [place, is_new] = analyses_.try_emplace(analysis.id, analysis);
    if (!is_new) return place->second;
    order_.push_back(analysis.id);
    pending_.push_back(analysis.id);
    while (order_.size() > options_.analyses_max && order_.size() > 1) {
      if (!pending_.empty() && pending_.front() == order_.front()) pending_.pop_front();
      analyses_.erase(order_.front());
      order_.pop_front();
    }
    return place->second;
  }
  /// Null: there is none. Good until the next submit().
  [[nodiscard]] const VirusTotalAnalysis* find(std::string_view id) const {
    const auto found = analyses_.find(id);
    return found == analyses_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] AnalysisStage stage(const VirusTotalAnalysis& analysis, Instant now) const {
    if (now < analysis.submitted + options_.queued_for) return AnalysisStage::queued;
    return now < completed(analysis) ? AnalysisStage::in_progress : AnalysisStage::completed;
  }
  [[nodiscard]] Instant completed(const VirusTotalAnalysis& analysis) const {
    return analysis.submitted + std::max(options_.queued_for, options_.analysed_in);
  }
  /// Takes the next analysis that is completed at `now` and was not taken before; null: none is.
  [[nodiscard]] const VirusTotalAnalysis* take_completed(Instant now) {
    if (pending_.empty()) return nullptr;
    const VirusTotalAnalysis* const next = find(pending_.front());
    if (now < completed(*next)) return nullptr;
    pending_.pop_front();
    return next;
  }

  // ---- Upload URLs ----

  /// The last segment of a new one.
  [[nodiscard]] std::string open_upload(Instant now) {
    const Stream own = draws_.part(opened_++);
    std::string token{"AMmfu6"};
    for (std::uint64_t i = 0; i < 4; ++i) rushhour::detail::append_hex(token, own.at(i));
    uploads_.emplace_back(token, now + options_.upload_url_valid_for);
    if (uploads_.size() > options_.upload_urls_max) uploads_.pop_front();
    return token;
  }
  /// False when it was never opened, was used, or is too old.
  [[nodiscard]] bool use_upload(std::string_view token, Instant now) {
    while (!uploads_.empty() && uploads_.front().second <= now) uploads_.pop_front();
    for (auto upload = uploads_.begin(); upload != uploads_.end(); ++upload) {
      if (upload->first != token) continue;
      uploads_.erase(upload);
      return true;
    }
    return false;
  }

  void clear() {
    analyses_.clear();
    order_.clear();
    pending_.clear();
    uploads_.clear();
    opened_ = 0;
  }

 private:
  Stream draws_;
  VirusTotalOptions options_;
  TextMap<VirusTotalAnalysis> analyses_;
  std::deque<std::string> order_;    ///< of all that are remembered
  std::deque<std::string> pending_;  ///< of those that are not completed; the same time for all
  std::deque<std::pair<std::string, Instant>> uploads_;
  std::uint64_t opened_ = 0;
};

}  // namespace rushhour::fakes
