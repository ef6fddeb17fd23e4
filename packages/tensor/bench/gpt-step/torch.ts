import { adamW, context, heads, headWidth, layers, parameters, tokens, width } from './model.ts'

const { lr, beta1, beta2, eps, weightDecay } = adamW

/** The training step in Python. The first result is the loss of three steps, as in the other libraries. */
export const torchStep = `
import math

names = "${Object.keys(parameters).join(' ')}".split()
p = {name: torch.nn.Parameter(globals()[name]) for name in names}
optimizer = torch.optim.AdamW(p.values(), lr=${lr}, betas=(${beta1}, ${beta2}), eps=${eps}, weight_decay=${weightDecay})
mask = torch.triu(torch.full((${context}, ${context}), -1e9), diagonal=1)
index, labels = ids.long(), targets.long()
losses = []

def norm(x, at):
    return F.layer_norm(x, (${width},), p["scale" + at], p["shift" + at])

def step():
    x = F.embedding(index, p["token"]) + p["position"]
    for i in range(${layers}):
        qkv = F.linear(norm(x, f"1_{i}"), p[f"qkv_{i}"], p[f"qkvBias_{i}"])
        q, k, v = qkv.reshape(-1, ${context}, 3, ${heads}, ${headWidth}).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(2, 3) / math.sqrt(${headWidth}) + mask
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(x.shape)
        x = x + F.linear(mixed, p[f"project_{i}"], p[f"projectBias_{i}"])
        hidden = F.gelu(F.linear(norm(x, f"2_{i}"), p[f"up_{i}"], p[f"upBias_{i}"]), approximate="tanh")
        x = x + F.linear(hidden, p[f"down_{i}"], p[f"downBias_{i}"])
    loss = F.cross_entropy(F.linear(norm(x, ""), p["head"]).reshape(${tokens}, -1), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()

def evaluate():
    losses.append(step())
    return losses[-1]

def results():
    return [losses[0], step(), step()]
`
