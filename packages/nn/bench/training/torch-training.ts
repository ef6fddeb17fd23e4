import { adamW } from './adam-w.ts'

const { lr, beta1, beta2, eps, weightDecay } = adamW

/**
 * The training step in Python. The first result is the loss of three steps, as in the other libraries.
 * @param names inputs that are parameters
 * @param loss statements that define `loss_of(p)`, where `p` has the parameters by name
 */
export const torchTraining = (names: readonly string[], loss: string): string => `
import math

names = "${names.join(' ')}".split()
p = {name: torch.nn.Parameter(globals()[name]) for name in names}
optimizer = torch.optim.AdamW(p.values(), lr=${lr}, betas=(${beta1}, ${beta2}), eps=${eps}, weight_decay=${weightDecay})
losses = []
${loss}
def evaluate():
    loss = loss_of(p)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.detach())
    return losses[-1]

def results():
    return [losses[0], evaluate(), evaluate()]
`
