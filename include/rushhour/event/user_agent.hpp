/// \file
/// The name of the program behind a user agent text, as `user_agent.name` of Elastic's documents has it.
/// Nothing else is read from the text: no versions, no operating systems, no devices.
#pragma once

#include <string_view>

#include <rushhour/config.hpp>

namespace rushhour::event {

/// `aws-cli`, `Boto3`, `Chrome`, `Python Requests`, ...; `Other` when no pattern matches. A literal or a part
/// of the text.
///
/// [DOC] Elasticsearch's user_agent processor takes the first match of uap-core's ordered patterns
/// (`user_agent_parsers` of ua-parser/uap-core 0.18.0, read 2026, each `.` unlimited as in Elasticsearch's
/// own copy, which it pins: the newest patterns are not in every release). Here are, in the same order and
/// with the same boundaries, those of clients of AWS (`aws-cli`, `Boto`, `Boto3`,
/// `aws-sdk-cpp|go|java|nodejs|ruby| ruby2|dotnet-NN|dotnet-core`, `s3fs`, `JetS3t`), HTTP libraries, and
/// browsers with more than one percent of users. Left out are bots, feed readers, mail programs and rare
/// browsers, which so get the name of a later pattern or `Other`.
///
/// `Other`, as no pattern knows them: Botocore alone, aws-sdk-go-v2, aws-sdk-js, aws-sdk-ruby3,
/// aws-sdk-dotnet-coreclr, AWSPowerShell, `AWS Internal`, names of services.
[[nodiscard]] std::string_view user_agent_name(std::string_view text);

}  // namespace rushhour::event

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/event/detail/user_agent_inl.hpp>
#endif
