import { torchTraining } from '../training/torch-training.ts'
import { context, heads, headWidth, layers, names, vocabulary, width } from './model.ts'

export const torchGpt = torchTraining(
  names,
  `
mask = torch.triu(torch.full((${context}, ${context}), -1e9), diagonal=1)
index, labels = ids.long(), targets.long()

def affine(p, x, at):
    return x @ p[at + ".weight"] + p[at + ".bias"]

def norm(p, x, at):
    return F.layer_norm(x, (${width},), p[at + ".weight"], p[at + ".bias"])

def loss_of(p):
    x = F.embedding(index, p["transformer.wte.weight"]) + p["transformer.wpe.weight"]
    for i in range(${layers}):
        at = f"transformer.h.{i}."
        qkv = affine(p, norm(p, x, at + "ln_1"), at + "attn.c_attn")
        q, k, v = qkv.reshape(-1, ${context}, 3, ${heads}, ${headWidth}).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(2, 3) / math.sqrt(${headWidth}) + mask
        x = x + affine(p, (scores.softmax(-1) @ v).transpose(1, 2).reshape(x.shape), at + "attn.c_proj")
        hidden = F.gelu(affine(p, norm(p, x, at + "ln_2"), at + "mlp.c_fc"), approximate="tanh")
        x = x + affine(p, hidden, at + "mlp.c_proj")
    logits = F.linear(norm(p, x, "transformer.ln_f"), p["transformer.wte.weight"])
    return F.cross_entropy(logits.reshape(-1, ${vocabulary}), labels)
`,
)
