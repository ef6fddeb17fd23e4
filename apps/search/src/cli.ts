#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// What the compiler makes of the sources is kept between starts, so that searching begins sooner.
enableCompileCache()
await import('./main.ts')
