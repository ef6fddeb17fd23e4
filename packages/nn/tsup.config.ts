import { library } from '@surprisal/build'

export default library()
