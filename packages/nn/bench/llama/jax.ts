import type { JaxArray, JaxProgram } from '@surprisal/bench'
import { heads, headWidth, layers, length, names, normEps, rotary, vocabulary, width, written } from './model.ts'

/**
 * One compiled function reads the prompt, and then each token. Shapes may not change from token to token, so that keys
 * and values have room for all; a one-hot matrix puts new ones in their places.
 */
export const jaxWriting: JaxProgram = {
  prepare: async (x, { jit, nn, numpy: np }) => {
    const half = headWidth / 2
    const angles = rotary()
    const compiled = jit((weights: JaxArray[], kept: JaxArray[], given: JaxArray[]) => {
      const p = Object.fromEntries(names.map((name, i) => [name, weights[i]]))
      const [ids, places, mask, cos, sin, last] = given
      const linear = (y: JaxArray, name: string) => np.matmul(y, np.transpose(p[`${name}.weight`]))
      const norm = (y: JaxArray, name: string) => {
        const root = np.sqrt(np.mean(np.square(y.ref), 1, { keepdims: true }).add(normEps))
        return y.div(root).mul(p[`${name}.weight`])
      }
      const headsOf = (y: JaxArray) => np.transpose(y.reshape([-1, heads, headWidth]), [1, 0, 2])
      const turn = (y: JaxArray) => {
        const [a, b] = np.split(y, 2, 2)
        const left = a.ref.mul(cos.ref).sub(b.ref.mul(sin.ref))
        return np.concatenate([left, b.mul(cos.ref).add(a.mul(sin.ref))], 2)
      }
      const isOld = np.sum(places.ref, 1, { keepdims: true }).mul(-1).add(1)
      const spread = np.broadcastTo(places, [heads, ...places.shape])
      const put = (old: JaxArray, own: JaxArray) => old.mul(isOld.ref).add(np.matmul(spread.ref, own))
      const next: JaxArray[] = []
      let y = np.take(p['model.embed_tokens.weight'], ids, 0)
      for (let i = 0; i < layers; i++) {
        const block = `model.layers.${i}`
        const normed = norm(y.ref, `${block}.input_layernorm`)
        const [q, k, v] = ['q', 'k', 'v'].map(part => headsOf(linear(normed.ref, `${block}.self_attn.${part}_proj`)))
        normed.dispose()
        const [keys, values] = [put(kept[2 * i], turn(k)), put(kept[2 * i + 1], v)]
        next.push(keys.ref, values.ref)
        const scores = np.matmul(turn(q), np.transpose(keys, [0, 2, 1])).mul(1 / Math.sqrt(headWidth))
        const mixed = np.matmul(nn.softmax(scores.add(mask.ref), -1), values)
        const joined = np.transpose(mixed, [1, 0, 2]).reshape([-1, width])
        y = y.add(linear(joined, `${block}.self_attn.o_proj`))
        const inside = norm(y.ref, `${block}.post_attention_layernorm`)
        const gate = nn.silu(linear(inside.ref, `${block}.mlp.gate_proj`))
        y = y.add(linear(gate.mul(linear(inside, `${block}.mlp.up_proj`)), `${block}.mlp.down_proj`))
      }
      for (const rest of [spread, mask, cos, sin, isOld]) rest.dispose()
      const logits = linear(norm(np.matmul(last, y), 'model.norm'), 'lm_head')
      return [[np.argmax(logits.reshape([vocabulary]))], next]
    })

    const floats = (rows: number, columns: number, f: (row: number, column: number) => number) => {
      const data = Float32Array.from({ length: rows * columns }, (_, i) => f(Math.floor(i / columns), i % columns))
      return np.array(data, { shape: [rows, columns] })
    }
    /** What the function gets beside weights, keys and values. */
    const callOf = (ids: readonly number[], start: number) => {
      const count = ids.length
      const part = (table: Float32Array<ArrayBuffer>) =>
        np.array(table.slice(start * half, (start + count) * half), { shape: [count, half] })
      return [
        np.array(Int32Array.from(ids), { shape: [count], dtype: np.int32 }),
        floats(length, count, (place, i) => (place === start + i ? 1 : 0)),
        floats(count, length, (i, place) => (place > start + i ? -1e9 : 0)),
        part(angles.cos),
        part(angles.sin),
        floats(1, count, (_, i) => (i === count - 1 ? 1 : 0)),
      ]
    }
    const prompt = Array.from((await x.prompt.ref.data()) as Int32Array)
    const write = async () => {
      const tokens: number[] = []
      let kept = Array.from({ length: 2 * layers }, () => np.zeros([heads, length, headWidth]))
      let ids = prompt
      while (tokens.length < written) {
        const start = tokens.length === 0 ? 0 : prompt.length + tokens.length - 1
        const weights = names.map(name => x[name].ref)
        const [[token], next] = compiled(weights, kept, callOf(ids, start)) as JaxArray[][]
        ids = Array.from((await token.data()) as Int32Array)
        tokens.push(ids[0])
        kept = next
      }
      for (const rest of kept) rest.dispose()
      return [tokens]
    }
    return { run: async () => void (await write()), results: write }
  },
}
