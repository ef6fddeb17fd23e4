import { runProgram } from './program.ts'

runProgram().then(
  report => postMessage({ report }),
  error => postMessage({ error: String(error?.stack ?? error) }),
)
