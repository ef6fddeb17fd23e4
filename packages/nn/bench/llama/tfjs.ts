import type { TfjsProgram, TfjsTensor } from '@surprisal/bench'
import { heads, headWidth, layers, length, normEps, rotary, vocabulary, width, written } from './model.ts'

/** Keys and values are kept and grow by what each token adds. */
export const tfjsWriting: TfjsProgram = {
  prepare: async (x, tf) => {
    const { cos, sin } = rotary()
    const half = headWidth / 2
    const angles = { cos: tf.tensor(cos, [length, half]), sin: tf.tensor(sin, [length, half]) }
    const linear = (y: TfjsTensor, name: string) => tf.matMul(y, x[`${name}.weight`], false, true)
    const norm = (y: TfjsTensor, name: string) => {
      const scale = tf.rsqrt(tf.add(tf.mean(tf.square(y), 1, true), normEps))
      return tf.mul(tf.mul(y, scale), x[`${name}.weight`])
    }
    const headsOf = (y: TfjsTensor) => tf.transpose(tf.reshape(y, [-1, heads, headWidth]), [1, 0, 2])
    const turn = (y: TfjsTensor, start: number) => {
      const [a, b] = tf.split(y, 2, 2)
      const [c, s] = [angles.cos, angles.sin].map(table => tf.slice(table, [start, 0], [y.shape[1] as number, half]))
      return tf.concat([tf.sub(tf.mul(a, c), tf.mul(b, s)), tf.add(tf.mul(b, c), tf.mul(a, s))], 2)
    }
    const maskOf = (count: number) => {
      const added = Float32Array.from({ length: count ** 2 }, (_, i) => (i % count > Math.floor(i / count) ? -1e9 : 0))
      return tf.tensor(added, [count, count])
    }

    /** Reads tokens; gives the likeliest next one and all keys and values. */
    const read = (ids: readonly number[], start: number, kept: readonly TfjsTensor[][]) => {
      let y = tf.gather(x['model.embed_tokens.weight'], tf.tensor1d([...ids], 'int32'))
      const next = Array.from({ length: layers }, (_, i) => {
        const block = `model.layers.${i}`
        const normed = norm(y, `${block}.input_layernorm`)
        const [q, k, v] = ['q', 'k', 'v'].map(part => headsOf(linear(normed, `${block}.self_attn.${part}_proj`)))
        const own = [turn(k, start), v]
        const [keys, values] = kept.length > 0 ? kept[i].map((old, j) => tf.concat([old, own[j]], 1)) : own
        const scores = tf.mul(tf.matMul(turn(q, start), keys, false, true), 1 / Math.sqrt(headWidth))
        const masked = ids.length > 1 ? tf.add(scores, maskOf(ids.length)) : scores
        const mixed = tf.reshape(tf.transpose(tf.matMul(tf.softmax(masked), values), [1, 0, 2]), [-1, width])
        y = tf.add(y, linear(mixed, `${block}.self_attn.o_proj`))
        const inside = norm(y, `${block}.post_attention_layernorm`)
        const gate = linear(inside, `${block}.mlp.gate_proj`)
        const gated = tf.mul(tf.mul(gate, tf.sigmoid(gate)), linear(inside, `${block}.mlp.up_proj`))
        y = tf.add(y, linear(gated, `${block}.mlp.down_proj`))
        return [keys, values]
      })
      const last = tf.slice(norm(y, 'model.norm'), [ids.length - 1, 0], [1, width])
      return { next, token: tf.argMax(tf.reshape(linear(last, 'lm_head'), [vocabulary])) as TfjsTensor }
    }

    const prompt = Array.from(await x.prompt.data())
    const write = async () => {
      const tokens: number[] = []
      let kept: TfjsTensor[][] = []
      let ids = prompt
      while (tokens.length < written) {
        const start = tokens.length === 0 ? 0 : prompt.length + tokens.length - 1
        const { next, token } = tf.tidy(() => read(ids, start, kept))
        ids = Array.from(await token.data())
        tokens.push(ids[0])
        tf.dispose([kept, token])
        kept = next
      }
      tf.dispose(kept)
      return [tokens]
    }
    return { run: async () => void (await write()), results: write }
  },
}
