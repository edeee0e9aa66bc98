#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include <rushhour/api/detail/virustotal_requests.hpp>
#include <rushhour/api/virustotal_routes.hpp>

namespace rushhour::api::virustotal {
namespace {

template <class Op>
http::Request written(const Op& input) {
  http::Request request;
  detail::write_request(routes[operation_of<Op>.index], &input, request);
  return request;
}

template <class Op>
Op read_back(const http::Request& request, detail::ReadingOptions options = {}) {
  const detail::Match match = detail::find_route(request);
  EXPECT_TRUE(match.route != nullptr && match.route->operation == &operation_of<Op>) << request.target;
  Op out{};
  const aws::Read read = detail::read_request(match, request, options, &out);
  EXPECT_EQ(read.malformed, std::nullopt);
  EXPECT_TRUE(read.unknown.empty());
  return out;
}

const Operation* operation_at(std::string method, std::string target) {
  const detail::Match match =
      detail::find_route({.method = std::move(method), .target = std::move(target), .headers = {}});
  return match.route == nullptr ? nullptr : match.route->operation;
}

TEST(VirusTotalRequests, AFixedSegmentGoesBeforeAnId) {
  EXPECT_EQ(operation_at("GET", "/api/v3/files/upload_url"), &operation_of<GetUploadUrl>);
  EXPECT_EQ(operation_at("GET", "/api/v3/files/0123"), &operation_of<GetFile>);
  EXPECT_EQ(operation_at("GET", "/api/v3/domains/a.b/comments"),
            &operation_of<ListComments<Collection::domains>>);
  EXPECT_EQ(operation_at("GET", "/api/v3/domains/a.b/urls"), &operation_of<ListRelated<Collection::domains>>);
  EXPECT_EQ(operation_at("GET", "/api/v3/domains/a.b/relationships/urls"),
            &operation_of<ListRelatedDescriptors<Collection::domains>>);
  EXPECT_EQ(operation_at("GET", "/api/v3/users/x/overall_quotas"), &operation_of<GetOverallQuotas>);
  EXPECT_EQ(operation_at("DELETE", "/api/v3/comments/x"), &operation_of<DeleteComment>);
}

TEST(VirusTotalRequests, ASelectorTellsTwoOperationsOfOnePath) {
  EXPECT_EQ(operation_at("GET", "/api/v3/ip_addresses/8.8.8.8"), &operation_of<GetIpAddress>);
  EXPECT_EQ(operation_at("GET", "/api/v3/ip_addresses/8.8.8.8?x=1"), &operation_of<GetIpAddress>);
  EXPECT_EQ(operation_at("GET", "/api/v3/ip_addresses/8.8.8.8?x=1&relationships=urls"),
            &operation_of<GetWithRelationships<Collection::ip_addresses>>);
}

TEST(VirusTotalRequests, WhatNoRowHasIsNoOperation) {
  for (const char* target :
       {"/", "/api/v3", "/api/v3/", "/api/v3/nothing", "/api/v3/files", "/api/v3/ip_addresses",
        "/api/v3/domains/a/b/c/d", "/_ah/upload/x", "/_ah/", "/api/v2/file/report"}) {
    EXPECT_EQ(operation_at("GET", target), nullptr) << target;
  }
  EXPECT_EQ(operation_at("PUT", "/api/v3/files/0123"), nullptr);
}

TEST(VirusTotalRequests, IdsTravelEncoded) {
  const http::Request request = written(GetDomain{.domain = "a/b c?d"});
  EXPECT_EQ(request.target, "/api/v3/domains/a%2Fb%20c%3Fd");
  EXPECT_EQ(read_back<GetDomain>(request).domain, "a/b c?d");
}

TEST(VirusTotalRequests, ParametersTravelInTheQueryWhereTheyAreGiven) {
  using Op = ListRelated<Collection::files>;
  EXPECT_EQ(written(Op{.id = "0", .relationship = "votes"}).target, "/api/v3/files/0/votes");
  const http::Request request = written(Op{.id = "0", .relationship = "urls", .limit = 7, .cursor = "a+b="});
  EXPECT_EQ(request.target, "/api/v3/files/0/urls?limit=7&cursor=a%2Bb%3D");
  const Op back = read_back<Op>(request);
  EXPECT_EQ(back.limit, 7);
  EXPECT_EQ(back.cursor, "a+b=");
}

TEST(VirusTotalRequests, BodiesTravelAsFormJsonOrParts) {
  const http::Request form = written(SubmitUrl{.url = "http://a.b/?c=d&e"});
  EXPECT_EQ(form.body, "url=http%3A%2F%2Fa.b%2F%3Fc%3Dd%26e");
  EXPECT_EQ(read_back<SubmitUrl>(form).url, "http://a.b/?c=d&e");
  const http::Request json = written(AddComment<Collection::urls>{.id = "x", .text = "a \"b\"\n"});
  EXPECT_EQ(json.body, R"({"data":{"type":"comment","attributes":{"text":"a \"b\"\n"}}})");
  EXPECT_EQ(read_back<AddComment<Collection::urls>>(json).text, "a \"b\"\n");
  const SubmitFile file{.content = std::string{"\0\r\n--x", 6}, .name = "a \"b\"%22.txt"};
  const SubmitFile back = read_back<SubmitFile>(written(file));
  EXPECT_EQ(back.content, file.content);
  EXPECT_EQ(back.name, "a \"b\"\".txt") << "an escape in a name cannot be told from a quote";
}

TEST(VirusTotalRequests, ReadsPartsAsCurlWritesThem) {
  http::Request request{.method = "POST", .target = "/api/v3/files", .headers = {}};
  request.headers.push_back(
      {"Content-Type", "multipart/form-data; boundary=------------------------d74496d66958873e"});
  request.body =
      "--------------------------d74496d66958873e\r\nContent-Disposition: form-data; "
      "name=\"password\"\r\n\r\nx\r\n"
      "--------------------------d74496d66958873e\r\nContent-Disposition: form-data; name=\"file\"; "
      "filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n\r\n"
      "--------------------------d74496d66958873e--\r\n";
  const SubmitFile file = read_back<SubmitFile>(request);
  EXPECT_EQ(file.content, "hello\r\n");
  EXPECT_EQ(file.name, "a.txt");
}

TEST(VirusTotalRequests, ABodyOfAnotherFormIsMalformed) {
  for (const char* body :
       {"", "{", "[]", "{}", R"({"data":{}})", R"({"data":{"type":"vote","attributes":{"text":"x"}}})",
        R"({"type":"comment","attributes":{"text":"x"}})",
        R"({"data":{"type":"comment","attributes":{"text":7}}})"}) {
    const http::Request request{
        .method = "POST", .target = "/api/v3/domains/a.b/comments", .headers = {}, .body = body};
    AddComment<Collection::domains> out;
    const aws::Read read = detail::read_request(detail::find_route(request), request, {}, &out);
    EXPECT_NE(read.malformed, std::nullopt) << body;
  }
}

TEST(VirusTotalRequests, TakesBareObjectsWhereTheyAreLet) {
  const http::Request request{.method = "POST",
                              .target = "/api/v3/domains/a.b/comments",
                              .headers = {},
                              .body = R"({"type":"comment","attributes":{"text":"x"}})"};
  EXPECT_EQ(read_back<AddComment<Collection::domains>>(request, {.takes_bare_objects = true}).text, "x");
}

TEST(VirusTotalRequests, SaysWhichParameterItDoesNotKnow) {
  const http::Request request{.target = "/api/v3/domains/a.b?extended=1", .headers = {}};
  GetDomain out;
  const detail::Match match = detail::find_route(request);
  EXPECT_THAT(detail::read_request(match, request, {}, &out).unknown, testing::ElementsAre("extended"));
  EXPECT_TRUE(detail::read_request(match, request, {.ignores_unknown = true}, &out).unknown.empty());
}

TEST(VirusTotalRequests, ALimitIsAWholeNumber) {
  const http::Request request{.target = "/api/v3/domains/a.b/urls?limit=ten", .headers = {}};
  ListRelated<Collection::domains> out;
  EXPECT_EQ(detail::read_request(detail::find_route(request), request, {}, &out).malformed,
            "\"limit\" should be a whole number");
}

}  // namespace
}  // namespace rushhour::api::virustotal
