import { type RopeAlibiOptions, ropeAlibiAttention } from '../src/index.ts'
import { type Attend, CharacterModel, mean, surpriseByPlace, trainOn } from './_shared/character-model.ts'
import { licenceProse } from './_shared/licence-prose.ts'

const variants: Record<string, RopeAlibiOptions> = {
  rope: { slopes: [0, 0, 0, 0] },
  harmonic: { slopes: 'harmonic', distance: 'harmonic' },
  linear: { slopes: 'geometric', distance: 'linear' },
}

/** Nats per character at the training length and at eight times that. */
async function losses(options: RopeAlibiOptions, seed: number): Promise<{ near: number; far: number }> {
  const { train, test, vocabularySize } = licenceProse()
  const attend: Attend = (q, k, v) => ropeAlibiAttention(q, k, v, options)
  const model = new CharacterModel(vocabularySize, 64, 2, seed)
  await trainOn(model, train, { attend, length: 64, batch: 12, steps: 250, lr: 3e-3, seed })
  const at = async (length: number, count: number): Promise<number> =>
    mean(await surpriseByPlace(ids => model.forward(ids, attend), test, length, count))
  return { near: await at(64, 64), far: await at(512, 8) }
}

/** Loss at eight times the training length; smaller is better. */
export default {
  claim:
    'rotary attention with harmonic distances and slopes, trained at length 64, loses less at length 512 than rotary attention alone',
  baseline: 'rotary attention alone',
  seeds: [0, 1, 2],
  async run(seed: number) {
    const [rope, harmonic, linear] = [
      await losses(variants.rope, seed),
      await losses(variants.harmonic, seed),
      await losses(variants.linear, seed),
    ]
    return {
      method: harmonic.far,
      baseline: rope.far,
      details: { ropeAt64: rope.near, harmonicAt64: harmonic.near, linearAt64: linear.near, linearAt512: linear.far },
    }
  },
}
