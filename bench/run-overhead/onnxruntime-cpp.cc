// ONNX Runtime's own C++ API: what a run costs without JavaScript. Input and output are memory of
// this program, as where a caller brings a tensor for the output.
//
//   onnxruntime-cpp LIBRARY MODEL THREADS ELEMENTS RUNS SAMPLES …   the last three for each size
//
// Prints one line of JSON for each size: {"right": true, "ms": [of one run, by sample]}.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "onnxruntime.h"

namespace {

using Clock = std::chrono::steady_clock;

class Identity {
 public:
  Identity(Ort::Session& session, std::size_t elements)
      : session_(session), input_(elements), output_(elements) {
    for (std::size_t i = 0; i < elements; ++i) input_[i] = static_cast<float>(i % 1000);
  }

  void run() {
    const std::int64_t dims[] = {static_cast<std::int64_t>(input_.size())};
    Ort::Value x = Ort::Value::CreateTensor(memory_, input_.data(), input_.size(), dims, 1);
    Ort::Value y = Ort::Value::CreateTensor(memory_, output_.data(), output_.size(), dims, 1);
    const char* input = "x";
    const char* output = "y";
    session_.Run(Ort::RunOptions{nullptr}, &input, &x, 1, &output, &y, 1);
  }

  bool right() const { return input_ == output_; }

 private:
  Ort::Session& session_;
  Ort::MemoryInfo memory_ = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
  std::vector<float> input_;
  std::vector<float> output_;
};

void measure(Ort::Session& session, std::size_t elements, int runs, int samples) {
  Identity identity(session, elements);
  identity.run();
  const bool right = identity.right();
  for (int i = 0; i < std::min(2 * runs, 2000); ++i) identity.run();
  std::printf("{\"right\": %s, \"ms\": [", right ? "true" : "false");
  for (int sample = 0; sample < samples; ++sample) {
    const Clock::time_point start = Clock::now();
    for (int i = 0; i < runs; ++i) identity.run();
    const std::chrono::duration<double, std::milli> took = Clock::now() - start;
    std::printf("%s%.9f", sample == 0 ? "" : ", ", took.count() / runs);
  }
  std::printf("]}\n");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc <= 3 || !load_runtime(argv[1])) return 2;
  const Ort::Env env(ORT_LOGGING_LEVEL_WARNING, "bench");
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(std::atoi(argv[3]));
  Ort::Session session(env, argv[2], options);
  for (int i = 4; i + 2 < argc; i += 3) {
    measure(session, std::strtoul(argv[i], nullptr, 10), std::atoi(argv[i + 1]),
            std::atoi(argv[i + 2]));
  }
}
