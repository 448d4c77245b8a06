// Makes safetensors files for tests.
#ifndef INFERCORE_TESTS_CORE_SAFETENSORS_FILE_H_
#define INFERCORE_TESTS_CORE_SAFETENSORS_FILE_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace infercore {

/// The header's length, the header, the data.
inline std::vector<std::uint8_t> safetensors_file(std::string_view header,
                                                  const std::vector<std::uint8_t>& data) {
  std::vector<std::uint8_t> file;
  for (int i = 0; i < 8; ++i) {
    file.push_back(static_cast<std::uint8_t>(std::uint64_t{header.size()} >> (8 * i)));
  }
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), data.begin(), data.end());
  return file;
}

inline std::vector<std::uint8_t> bytes_of(const std::vector<float>& values) {
  std::vector<std::uint8_t> bytes(values.size() * sizeof(float));
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// A Dense layer's file: linear.weight [out, in] and linear.bias [out], both F32.
inline std::vector<std::uint8_t> dense_file(std::size_t in, std::size_t out,
                                            const std::vector<float>& weight,
                                            const std::vector<float>& bias) {
  const std::string middle = std::to_string(4 * in * out);
  const std::string end = std::to_string(4 * in * out + 4 * out);
  std::vector<float> values = weight;
  values.insert(values.end(), bias.begin(), bias.end());
  return safetensors_file(
      R"({"__metadata__":{"format":"pt"},"linear.bias":{"dtype":"F32","shape":[)" +
          std::to_string(out) + R"(],"data_offsets":[)" + middle + "," + end +
          R"(]},"linear.weight":{"dtype":"F32","shape":[)" + std::to_string(out) + "," +
          std::to_string(in) + R"(],"data_offsets":[0,)" + middle + "]}}",
      bytes_of(values));
}

inline std::string dense_config(std::size_t in, std::size_t out,
                                const std::string& activation = "torch.nn.modules.activation.Tanh",
                                const std::string& bias = "true") {
  return R"({"in_features": )" + std::to_string(in) + R"(, "out_features": )" +
         std::to_string(out) + R"(, "bias": )" + bias + R"(, "activation_function": ")" +
         activation + R"("})";
}

}  // namespace infercore

#endif  // INFERCORE_TESTS_CORE_SAFETENSORS_FILE_H_
