"""Writes the folders llama and llama-score: two tiny LLaMAs as they are published, and what they give.

llama has bfloat16 in two files with an index, llama-score float16 in one file with the frequencies that older files hold, and positions
stretched as in LLaMA 3.1. Everything is drawn here; no published weights are in it. expected.json has tokens and what the model gives for
them, computed in double precision by the formulas of the model: RMSNorm, rotary positions of the halves of a head, grouped heads, SwiGLU.

Python's own library is enough:  python3 llama.py
"""
import json
import math
import pathlib
import random
import struct

VOCABULARY, WIDTH, HIDDEN, LAYERS, HEADS, GROUPS, EPS = 32, 16, 24, 2, 4, 2, 1e-5
HEAD = WIDTH // HEADS
FOLDER = pathlib.Path(__file__).parent


def bfloat16(value):
    bits, = struct.unpack("<I", struct.pack("<f", value))
    return struct.pack("<H", (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)


def from_bfloat16(code):
    return struct.unpack("<f", b"\0\0" + code)[0]


def float16(value):
    return struct.pack("<e", value)


def from_float16(code):
    return struct.unpack("<e", code)[0]


class Tensor:
    """Values as the file rounds them, row by row."""

    def __init__(self, generator, shape, scale, encode, decode, offset=0.0):
        self.shape = shape
        self.codes = [encode(offset + scale * generator.gauss(0, 1)) for _ in range(math.prod(shape))]
        values = [decode(code) for code in self.codes]
        self.rows = [values[i:i + shape[-1]] for i in range(0, len(values), shape[-1])]


def tensors(seed, encode, decode, head):
    generator = random.Random(seed)

    def weight(*shape):
        return Tensor(generator, shape, 1 / math.sqrt(shape[-1]), encode, decode)

    def norm():
        return Tensor(generator, (WIDTH,), 0.1, encode, decode, offset=1.0)

    all = {"model.embed_tokens.weight": Tensor(generator, (VOCABULARY, WIDTH), 1, encode, decode)}
    for layer in range(LAYERS):
        path = f"model.layers.{layer}."
        all[path + "input_layernorm.weight"] = norm()
        all[path + "mlp.down_proj.weight"] = weight(WIDTH, HIDDEN)
        all[path + "mlp.gate_proj.weight"] = weight(HIDDEN, WIDTH)
        all[path + "mlp.up_proj.weight"] = weight(HIDDEN, WIDTH)
        all[path + "post_attention_layernorm.weight"] = norm()
        all[path + "self_attn.k_proj.weight"] = weight(GROUPS * HEAD, WIDTH)
        all[path + "self_attn.o_proj.weight"] = weight(WIDTH, WIDTH)
        all[path + "self_attn.q_proj.weight"] = weight(WIDTH, WIDTH)
        all[path + "self_attn.v_proj.weight"] = weight(GROUPS * HEAD, WIDTH)
    all["model.norm.weight"] = norm()
    all[head[0]] = weight(head[1], WIDTH)
    return all


def frequencies(theta, scaling):
    """Of each pair of features of a head; long waves stretched where the configuration says so."""
    result = [theta ** (-2 * i / HEAD) for i in range(HEAD // 2)]
    if scaling:
        for i, frequency in enumerate(result):
            fits = scaling["original_max_position_embeddings"] * frequency / (2 * math.pi)
            low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
            share = min(1, max(0, (fits - low) / (high - low)))
            result[i] = frequency * (share + (1 - share) / scaling["factor"])
    return result


def product(tensor, x):
    return [sum(w * v for w, v in zip(row, x)) for row in tensor.rows]


def normalised(tensor, x):
    factor = 1 / math.sqrt(sum(v * v for v in x) / len(x) + EPS)
    return [w * v * factor for w, v in zip(tensor.rows[0], x)]


def turned(x, position, waves):
    result = []
    for start in range(0, len(x), HEAD):
        first, second = x[start:start + HEAD // 2], x[start + HEAD // 2:start + HEAD]
        pairs = [(a, b, math.cos(position * w), math.sin(position * w)) for a, b, w in zip(first, second, waves)]
        result += [a * c - b * s for a, b, c, s in pairs] + [b * c + a * s for a, b, c, s in pairs]
    return result


def attention(all, path, sequence, waves):
    q, k, v = ([product(all[f"{path}{name}_proj.weight"], x) for x in sequence] for name in "qkv")
    q, k = ([turned(x, position, waves) for position, x in enumerate(xs)] for xs in (q, k))
    result = []
    for position, query in enumerate(q):
        heads = []
        for head in range(HEADS):
            mine = slice(head * HEAD, (head + 1) * HEAD)
            group = head * GROUPS // HEADS
            theirs = slice(group * HEAD, (group + 1) * HEAD)
            scores = [math.exp(sum(a * b for a, b in zip(query[mine], key[theirs])) / math.sqrt(HEAD)) for key in k[:position + 1]]
            heads += [sum(s * value[theirs][i] for s, value in zip(scores, v)) / sum(scores) for i in range(HEAD)]
        result.append(product(all[path + "o_proj.weight"], heads))
    return result


def added(xs, ys):
    return [[a + b for a, b in zip(x, y)] for x, y in zip(xs, ys)]


def hidden(all, tokens, waves):
    sequence = [all["model.embed_tokens.weight"].rows[token] for token in tokens]
    for layer in range(LAYERS):
        path = f"model.layers.{layer}."
        before = [normalised(all[path + "input_layernorm.weight"], x) for x in sequence]
        sequence = added(sequence, attention(all, path + "self_attn.", before, waves))
        before = [normalised(all[path + "post_attention_layernorm.weight"], x) for x in sequence]
        gated = []
        for x in before:
            gate, up = product(all[path + "mlp.gate_proj.weight"], x), product(all[path + "mlp.up_proj.weight"], x)
            gated.append(product(all[path + "mlp.down_proj.weight"], [g / (1 + math.exp(-g)) * u for g, u in zip(gate, up)]))
        sequence = added(sequence, gated)
    return [normalised(all["model.norm.weight"], x) for x in sequence]


def write(path, dtype, entries):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (shape, codes) in entries.items():
        contents = b"".join(codes)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(contents)]}
        data += contents
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return len(data)


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1) + "\n")


def config(**more):
    return {
        "architectures": ["LlamaForCausalLM"], "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2,
        "hidden_act": "silu", "hidden_size": WIDTH, "initializer_range": 0.02, "intermediate_size": HIDDEN,
        "max_position_embeddings": 64, "mlp_bias": False, "model_type": "llama", "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS, "num_key_value_heads": GROUPS, "pretraining_tp": 1, "rms_norm_eps": EPS, "rope_scaling": None,
        "rope_theta": 10000.0, "tie_word_embeddings": False, "torch_dtype": "bfloat16", "use_cache": True, "vocab_size": VOCABULARY,
        **more,
    }


def language_model(folder):
    all = tensors(1, bfloat16, from_bfloat16, ("lm_head.weight", VOCABULARY))
    names = sorted(all, reverse=True)
    total, weight_map = 0, {}
    for number in (1, 2):
        shard = f"model-0000{number}-of-00002.safetensors"
        part = names[:9] if number == 1 else names[9:]
        total += write(folder / shard, "BF16", {name: (all[name].shape, all[name].codes) for name in part})
        weight_map |= {name: shard for name in part}
    write_json(folder / "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": dict(sorted(weight_map.items()))})
    write_json(folder / "config.json", config())
    tokens = [1, 7, 30, 4, 4, 19, 0, 11]
    logits = [product(all["lm_head.weight"], x) for x in hidden(all, tokens, frequencies(10000.0, None))]
    write_json(folder / "expected.json", {"tokens": tokens, "logits": logits})


def classifier(folder):
    all = tensors(2, float16, from_float16, ("score.weight", 3))
    scaling = {"factor": 8.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 8, "rope_type": "llama3"}
    entries = {name: (all[name].shape, all[name].codes) for name in sorted(all)}
    for layer in range(LAYERS):
        codes = [float16(frequency) for frequency in frequencies(500.0, None)]
        entries[f"model.layers.{layer}.self_attn.rotary_emb.inv_freq"] = ([len(codes)], codes)
    write(folder / "model.safetensors", "F16", entries)
    labels = {"0": "negative", "1": "neutral", "2": "positive"}
    write_json(folder / "config.json", config(
        architectures=["LlamaForSequenceClassification"], id2label=labels, label2id={text: int(number) for number, text in labels.items()},
        pad_token_id=0, rope_theta=500.0, rope_scaling=scaling, torch_dtype="float16", eos_token_id=[2, 3]))
    samples = [[1, 5, 9, 31, 8, 2], [3, 17, 4]]
    waves = frequencies(500.0, scaling)
    scores = [product(all["score.weight"], hidden(all, tokens, waves)[-1]) for tokens in samples]
    write_json(folder / "expected.json", {"samples": samples, "scores": scores})


if __name__ == "__main__":
    for name, make in (("llama", language_model), ("llama-score", classifier)):
        (FOLDER / name).mkdir(exist_ok=True)
        make(FOLDER / name)
