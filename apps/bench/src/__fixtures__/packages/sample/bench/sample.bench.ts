import { defineBench } from '../../../../index.ts'

const inputs = { x: { shape: [8] } }

export default [
  defineBench({
    case: 'agrees',
    inputs,
    ours: ({ x }) => x.mul(2),
    variants: { other: { program: ({ x }) => x.add(x) } },
    targets: { other: 1e-9 },
  }),
  defineBench({
    case: 'differs',
    inputs,
    ours: ({ x }) => x.mul(2),
    variants: { other: { program: ({ x }) => x.mul(3) } },
    targets: { other: 1 },
  }),
  defineBench({ case: 'fails', inputs, ours: ({ x }) => x.reshape([3]) }),
  defineBench({ case: 'from-the-future', inputs, ours: ({ x }) => x, requires: ['flyToTheMoon'] }),
]
