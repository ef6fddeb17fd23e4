import { defineBench } from '../../../../index.ts'

export default defineBench({ case: 'never-ends', inputs: { x: { shape: [1] } }, ours: { prepare: endless } })

/** Neither starts nor fails. */
function endless(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 1000))
}
