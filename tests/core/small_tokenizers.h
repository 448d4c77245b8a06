// A small tokenizer.json of each model, with a component of each stage somewhere.
#ifndef INFERCORE_TESTS_CORE_SMALL_TOKENIZERS_H_
#define INFERCORE_TESTS_CORE_SMALL_TOKENIZERS_H_

#include <span>
#include <string>

#include "tokenizer/byte_alphabet.h"

namespace infercore {

struct SmallTokenizer {
  const char* name;
  std::string json;
};

/// "Ġ":32, … for all bytes.
inline std::string byte_letters() {
  std::string vocab;
  for (int byte = 0; byte < 256; ++byte) {
    std::string visible;
    const char raw = static_cast<char>(byte);
    append_visible({&raw, 1}, visible);
    if (visible == "\"" || visible == "\\") visible = "\\" + visible;
    vocab += "\"" + visible + "\":" + std::to_string(byte) + ",";
  }
  return vocab;
}

inline std::span<const SmallTokenizer> small_tokenizers() {
  static const std::string added = R"("added_tokens":[
      {"id":0,"content":"<s>","single_word":false,"lstrip":true,"rstrip":false,"normalized":false,
       "special":true},
      {"id":9,"content":"New York","single_word":true,"lstrip":false,"rstrip":true,
       "normalized":true,"special":false}])";
  static const SmallTokenizer kAll[] = {
      {"bpe", R"({"version":"1.0",)" + added + R"(,"truncation":{"direction":"Left","max_length":50,
        "strategy":"LongestFirst","stride":1},
      "padding":{"strategy":{"Fixed":4},"direction":"Left","pad_to_multiple_of":2,"pad_id":0,
        "pad_type_id":3,"pad_token":"<s>"},
      "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},
        {"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
      "decoder":{"type":"Replace","pattern":{"String":"▁"},"content":" "},
      "model":{"type":"BPE","dropout":null,"unk_token":"<s>","fuse_unk":true,"byte_fallback":true,
        "vocab":{"<s>":0,"a":1,"b":2,"c":3,"ab":4,"bc":5,"abc":6,"▁":7,"▁ab":12,"<0xC3>":13,
          "<0xA9>":14,"é":15},
        "merges":["a b","b c","ab c","▁ ab"]}})"},
      {"bytes", R"({"added_tokens":[],"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true,
        "trim_offsets":true,"use_regex":true},
      "post_processor":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true},
      "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,
        "use_regex":true},
      "model":{"type":"BPE","ignore_merges":true,"vocab":{)" +
                    byte_letters() + R"("ab":1000,"Ġa":1001},
        "merges":["Ġ a","a b"]}})"},
      {"unigram", "{" + added + R"(,"pre_tokenizer":{"type":"Metaspace","replacement":"▁",
        "prepend_scheme":"always","split":true},"decoder":{"type":"Metaspace","replacement":"▁",
        "prepend_scheme":"always","split":true},
      "model":{"type":"Unigram","unk_id":0,"byte_fallback":false,"vocab":[["<unk>",0],["▁",-2.5],
        ["a",-3],["b",-3.25],["ab",-4.125],["▁a",-1e-3],["é",-7],["a",-8]]}})"},
      {"word_piece", "{" + added + R"(,"normalizer":{"type":"BertNormalizer","clean_text":true,
        "handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
      "pre_tokenizer":{"type":"BertPreTokenizer"},
      "post_processor":{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]},
      "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
      "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
        "max_input_chars_per_word":20,"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"hel":4,
          "##lo":5,"a":6,"##b":7,"new":8,"é":20}}})"},
      {"word_level",
       "{" + added + R"(,"pre_tokenizer":{"type":"Split","pattern":{"Regex":"\\s+|[!-/]"},
        "behavior":"Removed","invert":false},
      "model":{"type":"WordLevel","unk_token":"?","vocab":{"?":0,"hello":1,"a":2,"é":3,"York":4}}})"},
  };
  return kAll;
}

}  // namespace infercore

#endif  // INFERCORE_TESTS_CORE_SMALL_TOKENIZERS_H_
