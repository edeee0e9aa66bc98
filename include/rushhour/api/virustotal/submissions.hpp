/// \file
/// Giving VirusTotal URLs and files to analyse, asking for another analysis, and hearing what became of
/// one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/api/virustotal/shapes.hpp>

namespace rushhour::api::virustotal {

/// `file_analyse` is in VirusTotal's api_usage; the others are named after it [CHOICE].
[[nodiscard]] constexpr std::string_view analyse_name(Collection of) {
  constexpr std::string_view texts[collection_count] = {"ip_address_analyse", "domain_analyse", "url_analyse",
                                                        "file_analyse"};
  return texts[static_cast<std::size_t>(of)];
}

/// `POST /api/v3/urls`, a form with the URL.
struct SubmitUrl {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "url_submission";
  static constexpr bool read_only = false;

  std::string url{};

  using Output = Document;
};

/// `POST /api/v3/files`, multipart, up to 32 MB. Its name in api_usage is not known [CHOICE].
struct SubmitFile {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "file_submission";
  static constexpr bool read_only = false;

  std::string content{};
  std::string name{};  ///< as the client names it

  using Output = Document;
};

/// `GET /api/v3/files/upload_url`: where a file of up to 650 MB may be posted, once. Free of quota [DOC:
/// VirusTotal staff, vt-py#140].
struct GetUploadUrl {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "file_upload_url";
  static constexpr bool read_only = true;

  using Output = Document;
};

/// `POST` to the path of an upload URL, as SubmitFile otherwise.
struct UploadFile {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "file_submission";
  static constexpr bool read_only = false;

  std::string token{};  ///< the last segment of the upload URL
  std::string content{};
  std::string name{};  ///< as the client names it

  using Output = Document;
};

/// `POST /api/v3/urls/{id}/analyse`: another analysis of what is known.
template <Collection of>
struct Analyse {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = analyse_name(of);
  static constexpr bool read_only = false;

  std::string id{};

  using Output = Document;
};

/// `GET /api/v3/analyses/{id}`: queued, in-progress or completed.
struct GetAnalysis {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "analyses";
  static constexpr bool read_only = true;

  std::string id{};

  using Output = Document;
};

template <>
struct Routed<SubmitUrl> {
  using Op = SubmitUrl;
  static constexpr std::string_view method = "POST";
  static constexpr std::string_view path = "/urls";
  static constexpr std::array fields{field<&Op::url>("url", Place::form)};
};

template <>
struct Routed<SubmitFile> {
  using Op = SubmitFile;
  static constexpr std::string_view method = "POST";
  static constexpr std::string_view path = "/files";
  static constexpr std::array fields{field<&Op::content>("file", Place::file),
                                     field<&Op::name>("file", Place::file_name)};
};

template <>
struct Routed<GetUploadUrl> {
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/files/upload_url";
};

template <>
struct Routed<UploadFile> {
  using Op = UploadFile;
  static constexpr std::string_view method = "POST";
  static constexpr std::string_view path = "/_ah/upload/{}/";
  static constexpr std::array fields{field<&Op::token>("token", Place::path),
                                     field<&Op::content>("file", Place::file),
                                     field<&Op::name>("file", Place::file_name)};
};

template <Collection of>
struct Routed<Analyse<of>> {
  using Op = Analyse<of>;
  static constexpr std::string_view method = "POST";
  static constexpr std::string_view collection = to_text(of);
  static constexpr std::string_view path = "/{}/analyse";
  static constexpr std::array fields{field<&Op::id>("id", Place::path)};
};

template <>
struct Routed<GetAnalysis> {
  using Op = GetAnalysis;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/analyses/{}";
  static constexpr std::array fields{field<&Op::id>("id", Place::path)};
};

}  // namespace rushhour::api::virustotal
