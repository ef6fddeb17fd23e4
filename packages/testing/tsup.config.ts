import { library } from '@surprisal/build'

export default library({ index: 'src/index.ts', vitest: 'src/vitest.ts', 'cli/vectors': 'src/cli/vectors.ts' })
