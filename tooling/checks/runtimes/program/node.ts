import { runProgram } from './program.ts'

// Nothing ends the process: helper threads must not keep it alive.
console.log(JSON.stringify(await runProgram()))
