/// \file
/// Reads the rewordings of a state file: refusals whose code or text is known from memory only, as the real
/// service has them. What they do: fakes/rewording.hpp.
#pragma once

#include <string>
#include <utility>

#include <rushhour/api/operation.hpp>
#include <rushhour/fakes/rewording.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario::detail {

/// `{"service": "sts", "text": "The access key ID does not exist.", "as": {"text": "There is no such key."}}`
inline void read_rewording(const Value& value, fakes::World& world) {
  Reader reader = value.object();
  const auto service =
      reader.choice<api::Service>("service", {{"sts", api::Service::sts},
                                              {"secretsmanager", api::Service::secretsmanager},
                                              {"iam", api::Service::iam},
                                              {"virustotal", api::Service::virustotal},
                                              {"dynamodb", api::Service::dynamodb}});
  fakes::Rewording rewording;
  rewording.code = reader.optional_text("code", rewording.code);
  rewording.text = reader.optional_text("text", rewording.text);
  Reader as = reader.object("as");
  if (const auto status = as.find("status")) {
    rewording.as.status = status->integer<int>({.min = 400, .max = 599});
  }
  if (const auto code = as.find("code")) rewording.as.code = code->text();
  if (const auto text = as.find("text")) rewording.as.text = text->text();
  as.done();
  reader.done();
  world.service(service).rewordings().add(std::move(rewording));
}

}  // namespace rushhour::scenario::detail
