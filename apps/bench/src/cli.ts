#!/usr/bin/env node
import { describeError, main } from './main.ts'

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code
  },
  (error: Error) => {
    console.error(describeError(error))
    process.exitCode = 1
  },
)
