import { library } from '@surprisal/build'

export default library({ index: 'src/index.ts', node: 'src/node/index.ts' })
