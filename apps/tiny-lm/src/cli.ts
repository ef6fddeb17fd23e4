#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// What the compiler makes of the sources is kept between starts.
enableCompileCache()
await import('./main.ts')
