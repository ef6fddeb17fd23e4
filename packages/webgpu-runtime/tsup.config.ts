import { library } from '@surprisal/build'

export default library({ index: 'src/index.ts', software: 'src/software.ts' })
