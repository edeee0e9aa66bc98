/// \file
/// The contract of a detection, in the shape of Panther's rule functions: rule() decides, title(),
/// severity(), dedup() and alert_context() describe, in that order and only for an event that matched. It
/// does not group or deliver alerts.
#pragma once

#include <concepts>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/detect/alert.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/event/event.hpp>

namespace rushhour::detect {

/// A detection: `Verdict rule(const event::Event&, Context&)` (or bool), and where it has them, `title`,
/// `severity`, `dedup`, `alert_context` and `unique` with the same arguments. One object serves one
/// container; it may keep what it learnt.
template <class D>
concept IsDetection = requires(D& detection, const event::Event& event, Context& context) {
  { detection.rule(event, context) } -> std::convertible_to<Verdict>;
  { detection.name() } -> std::convertible_to<std::string_view>;
};

class ContextWanted;
struct Evaluation;

/// A detection that looks at events in its own way, as one does that is not of C++: all functions at once,
/// their limits and defaults included. It asks `wanted`, unless null, before its alert context.
template <class D>
concept EvaluatesItself =
    requires(D& detection, const event::Event& event, Context& context, ContextWanted* wanted) {
      { detection.evaluate(event, context, wanted) } -> std::same_as<Evaluation>;
      { detection.name() } -> std::convertible_to<std::string_view>;
    };

/// Decides whether the alert context of a match is wanted. Panther's engine calls alert_context() for every
/// match (spec panther.md 1.1); one that calls it once an alert asks whoever groups the alerts.
class ContextWanted {
 public:
  ContextWanted() = default;
  ContextWanted(const ContextWanted&) = delete;
  ContextWanted& operator=(const ContextWanted&) = delete;
  virtual ~ContextWanted() = default;
  [[nodiscard]] virtual bool wants(const Alert& alert) = 0;
};

/// What became of one event.
struct Evaluation {
  Verdict::Kind verdict{Verdict::Kind::no_match};
  std::optional<Failure> failure{};  ///< why rule() could not decide: what it returned,
  std::string exception{};           ///< or the text of what it threw
  /// Of what it threw, as Python names it: an engine makes one alert of the errors of a class. Empty: not
  /// known, and all such errors are of one.
  std::string exception_class{};
  std::optional<Alert> alert{};

  /// Why rule() could not decide, as text; empty when it could. Made when asked for: most are never read.
  [[nodiscard]] std::string error() const { return failure ? to_text(*failure) : exception; }
};

namespace detail {

/// Where the character of this number, from 0, begins in UTF-8 text; its size when there is none.
[[nodiscard]] constexpr std::size_t start_of_character(std::string_view text, std::size_t number) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool continues = (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
    if (!continues && number-- == 0) return at;
  }
  return text.size();
}

/// `text`, cut as Panther cuts it: 1,000 characters in all, the suffix included. Python counts characters,
/// not bytes.
[[nodiscard]] inline std::string truncated(std::string text) {
  constexpr std::string_view suffix = "... (truncated)";
  if (text.size() > generated_text_size_max &&
      start_of_character(text, generated_text_size_max) < text.size()) {
    text.resize(start_of_character(text, generated_text_size_max - suffix.size()));
    text += suffix;
  }
  return text;
}

/// Sets `out` to what `make` returns, or to the fallback when that throws: in production an engine never
/// loses an alert to a title.
template <class T, class Make, class Fallback>
void set_or_default(T& out, Make make, Fallback fallback) {
  try {
    out = make();
  } catch (const std::exception&) {
    out = fallback;
  }
}

template <IsDetection D>
Alert describe(D& detection, const event::Event& event, Context& context, ContextWanted* wanted) {
  Alert alert{.event = event.id()};
  if constexpr (requires { detection.title(event, context); }) {
    context.enter(Function::title);
    set_or_default(
        alert.title, [&] { return truncated(detection.title(event, context)); },
        std::string_view{detection.name()});
  } else {
    alert.title = std::string_view{detection.name()};
  }
  if constexpr (requires { detection.severity(event, context); }) {
    context.enter(Function::severity);
    set_or_default(
        alert.severity, [&] { return detection.severity(event, context); }, Severity::info);
  }
  if constexpr (requires { detection.dedup(event, context); }) {
    context.enter(Function::dedup);
    set_or_default(
        alert.dedup, [&] { return truncated(detection.dedup(event, context)); }, std::string_view{});
  } else if constexpr (requires { detection.title(event, context); }) {
    alert.dedup = alert.title;
  }
  if (alert.dedup.empty())
    alert.dedup.append("defaultDedupString:").append(std::string_view{detection.name()});
  if constexpr (requires { detection.alert_context(event, context); }) {
    if (wanted != nullptr && !wanted->wants(alert)) {
      alert.context = AlertContext::not_wanted();
    } else {
      context.enter(Function::alert_context);
      try {
        alert.context = detection.alert_context(event, context);
      } catch (const std::exception& error) {
        alert.context = AlertContext::error(error.what());
      }
    }
  }
  if constexpr (requires { detection.unique(event, context); }) {
    context.enter(Function::unique);
    alert.counts_unique = true;
    set_or_default(
        alert.unique, [&] { return detection.unique(event, context); }, std::nullopt);
  }
  return alert;
}

}  // namespace detail

/// Runs the contract on one event. Exceptions end as the engine ends them: in rule() as an error, in
/// alert_context() as `{"_error": ...}`, elsewhere as the default. What is no std::exception goes through.
/// \param wanted  null: the context of every match is wanted
template <IsDetection D>
[[nodiscard]] Evaluation evaluate(D& detection, const event::Event& event, Context& context,
                                  ContextWanted* wanted = nullptr) {
  Evaluation out;
  context.enter(Function::rule);
  try {
    Verdict verdict = detection.rule(event, context);
    out.verdict = verdict.kind();
    if (out.verdict == Verdict::Kind::error) out.failure = std::move(verdict).failure();
  } catch (const std::exception& error) {
    out.verdict = Verdict::Kind::error;
    out.exception = error.what();
  }
  if (out.verdict == Verdict::Kind::match) out.alert = detail::describe(detection, event, context, wanted);
  return out;
}

template <EvaluatesItself D>
[[nodiscard]] Evaluation evaluate(D& detection, const event::Event& event, Context& context,
                                  ContextWanted* wanted = nullptr) {
  return detection.evaluate(event, context, wanted);
}

/// Any detection, so that a fleet can run several kinds side by side.
class AnyDetection {
 public:
  template <class D>
    requires(!std::same_as<D, AnyDetection> && (IsDetection<D> || EvaluatesItself<D>))
  explicit AnyDetection(D detection) : held_(std::make_unique<Model<D>>(std::move(detection))) {}

  [[nodiscard]] std::string_view name() const { return held_->name(); }
  [[nodiscard]] Evaluation evaluate(const event::Event& event, Context& context,
                                    ContextWanted* wanted = nullptr) {
    return held_->evaluate(event, context, wanted);
  }

 private:
  struct Concept {
    Concept() = default;
    Concept(const Concept&) = delete;
    Concept& operator=(const Concept&) = delete;
    virtual ~Concept() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    [[nodiscard]] virtual Evaluation evaluate(const event::Event& event, Context& context,
                                              ContextWanted* wanted) = 0;
  };
  template <class D>
  struct Model final : Concept {
    explicit Model(D made) : detection(std::move(made)) {}
    [[nodiscard]] std::string_view name() const override { return detection.name(); }
    [[nodiscard]] Evaluation evaluate(const event::Event& event, Context& context,
                                      ContextWanted* wanted) override {
      return detect::evaluate(detection, event, context, wanted);
    }
    D detection;
  };

  std::unique_ptr<Concept> held_;
};

}  // namespace rushhour::detect
