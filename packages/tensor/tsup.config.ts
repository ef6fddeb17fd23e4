import { library } from '@surprisal/build'

export default library({ index: 'src/index.ts', exact: 'src/exact.ts' })
