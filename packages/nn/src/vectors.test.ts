import { vectorTests } from '@surprisal/testing/vitest'
import * as exports from './index.ts'

vectorTests(new URL('../vectors/', import.meta.url), exports)
