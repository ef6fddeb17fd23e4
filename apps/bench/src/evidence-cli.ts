import { main } from './evidence/main.ts'

process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`Error: ${error.message}`)
  return 2
})
