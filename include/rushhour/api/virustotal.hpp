/// \file
/// VirusTotal API v3: the operations and their rows, a file each or a small family. What the service does
/// with them, and the quotas, are the fake's business (fakes/virustotal.hpp); the JSON of reports is in
/// virustotal_json.hpp, how requests travel in virustotal_routes.hpp.
#pragma once

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal/behaviours.hpp>
#include <rushhour/api/virustotal/catalogue.hpp>
#include <rushhour/api/virustotal/comments.hpp>
#include <rushhour/api/virustotal/get_domain.hpp>
#include <rushhour/api/virustotal/get_file.hpp>
#include <rushhour/api/virustotal/get_ip_address.hpp>
#include <rushhour/api/virustotal/get_url.hpp>
#include <rushhour/api/virustotal/relationships.hpp>
#include <rushhour/api/virustotal/search.hpp>
#include <rushhour/api/virustotal/shapes.hpp>
#include <rushhour/api/virustotal/submissions.hpp>
#include <rushhour/api/virustotal/users.hpp>
#include <rushhour/api/virustotal/votes.hpp>

namespace rushhour::api {

namespace virustotal::detail {

template <class... Lists>
struct Joined;
template <class... Ops>
struct Joined<Operations<Ops...>> {
  using Type = Operations<Ops...>;
};
template <class... A, class... B, class... Rest>
struct Joined<Operations<A...>, Operations<B...>, Rest...> : Joined<Operations<A..., B...>, Rest...> {};

template <template <Collection> class Op>
using OfEach = Operations<Op<Collection::ip_addresses>, Op<Collection::domains>, Op<Collection::urls>,
                          Op<Collection::files>>;

}  // namespace virustotal::detail

/// In the order of their dense index, and in that in which a path is looked for: what has a fixed segment
/// before what takes any.
template <>
struct OperationsOf<Service::virustotal> {
  using Type = virustotal::detail::Joined<
      Operations<virustotal::GetIpAddress, virustotal::GetDomain, virustotal::GetUrl,
                 virustotal::GetUploadUrl, virustotal::GetFile, virustotal::ListBehaviours>,
      virustotal::detail::OfEach<virustotal::GetWithRelationships>,
      virustotal::detail::OfEach<virustotal::ListComments>, virustotal::detail::OfEach<virustotal::ListVotes>,
      virustotal::detail::OfEach<virustotal::ListRelated>,
      virustotal::detail::OfEach<virustotal::ListRelatedDescriptors>,
      virustotal::detail::OfEach<virustotal::AddComment>, virustotal::detail::OfEach<virustotal::AddVote>,
      virustotal::detail::OfEach<virustotal::Analyse>,
      Operations<virustotal::SubmitUrl, virustotal::SubmitFile, virustotal::UploadFile,
                 virustotal::GetAnalysis, virustotal::ListCommentsByTag, virustotal::GetComment,
                 virustotal::DeleteComment, virustotal::VoteOnComment, virustotal::GetUser,
                 virustotal::GetOverallQuotas, virustotal::GetApiUsage, virustotal::GetGroup,
                 virustotal::Search, virustotal::SearchIntelligence, virustotal::GetResolution,
                 virustotal::GetMetadata, virustotal::GetPopularThreatCategories,
                 virustotal::GetBehaviour>>::Type;
};

}  // namespace rushhour::api
