// Which execution provider got which nodes of a model.
//
//   for (const Placement& each : read_placement(session)) each.operators;   // {{"MatMul", 12}, …}
//
// As ONNX Runtime decided it, which is before the fusions of the level «extended» and above: a
// fused node was several ones then.
#ifndef INFERCORE_NATIVE_PLACEMENT_H_
#define INFERCORE_NATIVE_PLACEMENT_H_

#include <napi.h>
#include <onnxruntime_cxx_api.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace infercore::native {

struct Placement {
  std::string provider;  ///< as the runtime calls it: "CPUExecutionProvider"
  std::size_t nodes = 0;
  std::map<std::string, std::size_t> operators;  ///< "MatMul", "com.microsoft.Gelu" → nodes
};

/// In the order in which the runtime names the providers. Throws where the session did not record
/// it: session.record_ep_graph_assignment_info.
std::vector<Placement> read_placement(const Ort::Session& session);

Napi::Array placement_to_js(Napi::Env env, const std::vector<Placement>& placement);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_PLACEMENT_H_
