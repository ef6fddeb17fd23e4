import { library } from '@surprisal/build'

export default library({
  index: 'src/index.ts',
  backend: 'src/backend.ts',
  exact: 'src/exact.ts',
  reference: 'src/reference.ts',
})
