import { vectorTests } from '@surprisal/testing/vitest'
import * as runtime from './index.ts'

vectorTests(new URL('../vectors/', import.meta.url), runtime)
