// ONNX Runtime's own C++ API: what a forward pass of an encoder costs without JavaScript.
//
//   onnxruntime-cpp LIBRARY MODEL THREADS SPINNING IDS OUTPUTS ROWS LENGTH WARMUPS RUNS …
//
// IDS is a file of int64, of which each shape (the last four) takes as many as it needs; OUTPUTS a
// file that gets what each shape's last run gave, or "-". Prints one line of JSON for each shape:
// [milliseconds of each run].
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "onnxruntime.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Shape {
  std::int64_t rows;
  std::int64_t length;
  int warmups;
  int runs;
};

std::vector<std::int64_t> read_ids(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::vector<std::int64_t> ids(static_cast<std::size_t>(file.tellg()) / sizeof(std::int64_t));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(ids.data()),
            static_cast<std::streamsize>(ids.size() * sizeof(std::int64_t)));
  return ids;
}

class Encoder {
 public:
  Encoder(Ort::Session& session, std::vector<std::int64_t> ids)
      : session_(session), ids_(std::move(ids)), ones_(ids_.size(), 1), zeros_(ids_.size(), 0) {}

  Ort::Value run(const Shape& shape) {
    const std::array inputs = {tensor(ids_, shape), tensor(ones_, shape), tensor(zeros_, shape)};
    const std::array names = {"input_ids", "attention_mask", "token_type_ids"};
    const char* output = "last_hidden_state";
    auto outputs = session_.Run(Ort::RunOptions{nullptr}, names.data(), inputs.data(),
                                inputs.size(), &output, 1);
    return std::move(outputs.front());
  }

 private:
  Ort::Value tensor(std::vector<std::int64_t>& values, const Shape& shape) {
    const std::array dims = {shape.rows, shape.length};
    const auto count = static_cast<std::size_t>(shape.rows * shape.length);
    return Ort::Value::CreateTensor(memory_, values.data(), count, dims.data(), dims.size());
  }

  Ort::Session& session_;
  Ort::MemoryInfo memory_ = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
  std::vector<std::int64_t> ids_;
  std::vector<std::int64_t> ones_;
  std::vector<std::int64_t> zeros_;
};

void measure(Encoder& encoder, const Shape& shape, std::FILE* outputs) {
  for (int i = 0; i < shape.warmups; ++i) encoder.run(shape);
  Ort::Value last{nullptr};
  for (int i = 0; i < shape.runs; ++i) {
    const Clock::time_point start = Clock::now();
    last = encoder.run(shape);
    const std::chrono::duration<double, std::milli> took = Clock::now() - start;
    std::printf("%s%.6f", i == 0 ? "[" : ", ", took.count());
  }
  std::printf("]\n");
  if (outputs == nullptr) return;
  const std::size_t elements = last.GetTensorTypeAndShapeInfo().GetElementCount();
  std::fwrite(last.GetTensorData<float>(), sizeof(float), elements, outputs);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc <= 6 || !load_runtime(argv[1])) return 2;
  const Ort::Env env(ORT_LOGGING_LEVEL_WARNING, "bench");
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(std::atoi(argv[3]));
  options.AddConfigEntry("session.intra_op.allow_spinning", "1");
  if (std::string(argv[4]) == "0") {  // as briefly as infercore's threads
    options.AddConfigEntry("session.intra_op.spin_duration_us", "20");
    options.AddConfigEntry("session.intra_op.spin_backoff_max", "8");
  }
  Ort::Session session(env, argv[2], options);
  Encoder encoder(session, read_ids(argv[5]));
  std::FILE* outputs = std::string(argv[6]) == "-" ? nullptr : std::fopen(argv[6], "wb");
  for (int i = 7; i + 3 < argc; i += 4) {
    const Shape shape{std::atol(argv[i]), std::atol(argv[i + 1]), std::atoi(argv[i + 2]),
                      std::atoi(argv[i + 3])};
    measure(encoder, shape, outputs);
  }
  if (outputs != nullptr) std::fclose(outputs);
}
