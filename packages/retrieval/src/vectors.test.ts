import { vectorTests } from '@surprisal/testing/vitest'
import * as retrieval from './index.ts'

vectorTests(new URL('../vectors/', import.meta.url), retrieval)
