/// \file
/// A pack's data models in one container: where each log type keeps what a common name such as `source_ip`
/// stands for, by path or by a Python function. How an event asks is udm_source.hpp's business.
#pragma once

#include <rushhour/panther/object.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/panther/modules.hpp>
#include <rushhour/panther/udm_source.hpp>

namespace rushhour::panther {

/// One data model. It lives and dies inside Python.
class DataModel final : public UdmSource {
 public:
  /// `index` is its place among the pack's data models. Its module is executed now; when that fails, or lacks
  /// a function, whoever asks for a name that needs it gets the exception.
  DataModel(Modules& modules, std::size_t index);

  [[nodiscard]] const UdmMapping* find(PyObject* name) const override;

  [[nodiscard]] const DataModelSpec& spec() const { return *spec_; }
  /// Why its module is not there; nothing when it is, or when it needs none.
  [[nodiscard]] const std::optional<PythonError>& load_error() const { return load_error_; }

 private:
  struct Mapping {
    UdmMapping mapping{};
    std::string method{};  ///< that the module does not have; empty: nothing is missing
  };

  const DataModelSpec* spec_;
  Object module_;
  std::optional<PythonError> load_error_;
  Object places_;  ///< a dict from name to its place in `mappings_`
  std::vector<Mapping> mappings_;
};

/// All of a pack, each made when its log type is first met.
class DataModels {
 public:
  /// `modules` outlives it.
  explicit DataModels(Modules& modules) : modules_(modules) {}
  DataModels(const DataModels&) = delete;
  DataModels& operator=(const DataModels&) = delete;
  ~DataModels() = default;

  /// Null when the log type has none, as scheduled rules have none, whatever their rows (spec
  /// panther.md 1.5).
  [[nodiscard]] const DataModel* of(std::string_view log_type);

 private:
  Modules& modules_;
  std::map<std::string, std::unique_ptr<const DataModel>, std::less<>> models_;
};

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/data_model_inl.hpp>
#endif
