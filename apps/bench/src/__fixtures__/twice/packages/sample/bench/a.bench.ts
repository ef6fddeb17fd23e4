import { defineBench } from '../../../../../index.ts'

export default defineBench({ case: 'same', inputs: { x: { shape: [1] } }, ours: ({ x }) => x })
