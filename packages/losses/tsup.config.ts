import { library } from '@surprisal/build'

export default library({ contract: 'src/contract.ts', index: 'src/index.ts' })
