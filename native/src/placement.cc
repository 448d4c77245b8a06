#include "placement.h"

#include <algorithm>
#include <cstdint>

namespace infercore::native {
namespace {

std::string operator_name(const Ort::ConstEpAssignedNode& node) {
  const std::string domain = node.GetDomain();
  const bool standard = domain.empty() || domain == "ai.onnx";
  return standard ? node.GetOperatorType() : domain + '.' + node.GetOperatorType();
}

}  // namespace

std::vector<Placement> read_placement(const Ort::Session& session) {
  std::vector<Placement> placement;
  for (const auto& subgraph : session.GetEpGraphAssignmentInfo()) {
    const std::string provider = subgraph.GetEpName();
    auto found = std::find_if(placement.begin(), placement.end(),
                              [&](const Placement& each) { return each.provider == provider; });
    if (found == placement.end()) found = placement.insert(found, {provider, 0, {}});
    for (const auto& node : subgraph.GetNodes()) {
      ++found->nodes;
      ++found->operators[operator_name(node)];
    }
  }
  return placement;
}

Napi::Array placement_to_js(Napi::Env env, const std::vector<Placement>& placement) {
  Napi::Array list = Napi::Array::New(env, placement.size());
  for (std::uint32_t i = 0; i < placement.size(); ++i) {
    Napi::Object operators = Napi::Object::New(env);
    for (const auto& [name, nodes] : placement[i].operators) {
      operators.Set(name, static_cast<double>(nodes));
    }
    Napi::Object each = Napi::Object::New(env);
    each.Set("provider", placement[i].provider);
    each.Set("nodes", static_cast<double>(placement[i].nodes));
    each.Set("operators", operators);
    list.Set(i, each);
  }
  return list;
}

}  // namespace infercore::native
