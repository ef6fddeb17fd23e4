import { heads, headWidth, layers, length, names, normEps, width, written } from './model.ts'

/** As in tfjs: keys and values are kept and grow. */
export const torchWriting = `
import math

names = "${names.join(' ')}".split()
p = {name: globals()[name] for name in names}
half = ${headWidth / 2}
frequencies = 10000.0 ** (-torch.arange(half, dtype=torch.float64) / half)
angles = torch.arange(${length}, dtype=torch.float64)[:, None] * frequencies
cos, sin = angles.cos().float(), angles.sin().float()
mask = torch.triu(torch.full((${length}, ${length}), -1e9), diagonal=1)

def linear(x, at):
    return F.linear(x, p[at + ".weight"])

def norm(x, at):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + ${normEps}) * p[at + ".weight"]

def heads_of(x):
    return x.reshape(-1, ${heads}, ${headWidth}).transpose(0, 1)

def turn(x, start):
    a, b = x.chunk(2, -1)
    c, s = (table[start:start + x.shape[1]] for table in (cos, sin))
    return torch.cat([a * c - b * s, b * c + a * s], -1)

def read(ids, start, kept):
    x = F.embedding(ids, p["model.embed_tokens.weight"])
    for i in range(${layers}):
        at = f"model.layers.{i}."
        normed = norm(x, at + "input_layernorm")
        q, k, v = (heads_of(linear(normed, at + f"self_attn.{part}_proj")) for part in "qkv")
        k = turn(k, start)
        if kept[i]:
            k, v = torch.cat([kept[i][0], k], 1), torch.cat([kept[i][1], v], 1)
        kept[i] = (k, v)
        scores = turn(q, start) @ k.transpose(1, 2) / math.sqrt(${headWidth})
        scores = scores + mask[start:start + len(ids), :k.shape[1]]
        mixed = (scores.softmax(-1) @ v).transpose(0, 1).reshape(-1, ${width})
        x = x + linear(mixed, at + "self_attn.o_proj")
        inside = norm(x, at + "post_attention_layernorm")
        gated = F.silu(linear(inside, at + "mlp.gate_proj")) * linear(inside, at + "mlp.up_proj")
        x = x + linear(gated, at + "mlp.down_proj")
    return linear(norm(x[-1:], "model.norm"), "lm_head").argmax(-1)

def evaluate():
    kept = [None] * ${layers}
    ids, start, tokens = prompt[0].long(), 0, []
    with torch.no_grad():
        while len(tokens) < ${written}:
            token = read(ids, start, kept)
            start += len(ids)
            tokens.append(token.item())
            ids = token
    return torch.tensor(tokens)
`
