import { vectorTests } from '@surprisal/testing/vitest'
import * as exported from './index.ts'

vectorTests(new URL('../vectors/', import.meta.url), exported)
