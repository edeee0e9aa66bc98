/// \file
/// How the mappings of a data model become what an event asks for.
#pragma once

#include <rushhour/panther/data_model.hpp>

#include <utility>

namespace rushhour::panther {
namespace detail {

[[nodiscard]] RUSHHOUR_INLINE Object interned(std::string_view text) {
  PyObject* made = PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  if (made != nullptr) PyUnicode_InternInPlace(&made);
  return Object::steal(made);
}

[[nodiscard]] RUSHHOUR_INLINE std::vector<Object> keys_of(std::string_view dotted) {
  std::vector<Object> out;
  for (;;) {
    const std::size_t dot = dotted.find('.');
    out.push_back(interned(dotted.substr(0, dot)));
    if (dot == std::string_view::npos) return out;
    dotted.remove_prefix(dot + 1);
  }
}

}  // namespace detail

RUSHHOUR_INLINE DataModel::DataModel(Modules& modules, std::size_t index)
    : spec_(&modules.code().pack().data_models[index]), places_(Object::steal(PyDict_New())) {
  if (const ModuleCode* const code = modules.code().data_model(index)) {
    try {
      module_ = modules.execute(*code);
    } catch (const PythonError& error) {
      load_error_ = error;
    }
  }
  for (const MappingSpec& each : spec_->mappings) {
    Mapping mapping;
    if (each.method.empty()) {
      mapping.mapping.path = detail::keys_of(each.path);
      mapping.mapping.text = each.path;
    } else {
      mapping.mapping.text = each.method;
      PyObject* const found =
          module_ ? PyDict_GetItemString(PyModule_GetDict(module_.get()), each.method.c_str()) : nullptr;
      if (found != nullptr) mapping.mapping.method = Object::share(found);
      if (found == nullptr) mapping.method = each.method;
    }
    const Object place = Object::steal(PyLong_FromSize_t(mappings_.size()));
    checked(PyDict_SetItem(places_.get(), detail::interned(each.name).get(), place.get()));
    mappings_.push_back(std::move(mapping));
  }
}

RUSHHOUR_INLINE const UdmMapping* DataModel::find(PyObject* name) const {
  PyObject* const place = PyDict_GetItemWithError(places_.get(), name);
  if (place == nullptr) {
    if (PyErr_Occurred() != nullptr) throw_pending();
    return nullptr;
  }
  const Mapping& found = mappings_[PyLong_AsSize_t(place)];
  if (found.method.empty()) return &found.mapping;
  if (load_error_) throw PythonError{*load_error_};
  PyErr_Format(PyExc_AttributeError, "the data model %s has no function %s in %s", spec_->id.c_str(),
               found.method.c_str(), spec_->code_file.c_str());
  throw_pending();
}

RUSHHOUR_INLINE const DataModel* DataModels::of(std::string_view log_type) {
  if (const auto found = models_.find(log_type); found != models_.end()) return found->second.get();
  const std::vector<DataModelSpec>& specs = modules_.code().pack().data_models;
  const DataModelSpec* const spec = modules_.code().pack().data_model(log_type);
  std::unique_ptr<const DataModel> made;
  if (spec != nullptr) {
    made = std::make_unique<const DataModel>(modules_, static_cast<std::size_t>(spec - specs.data()));
  }
  return models_.emplace(std::string{log_type}, std::move(made)).first->second.get();
}

}  // namespace rushhour::panther
