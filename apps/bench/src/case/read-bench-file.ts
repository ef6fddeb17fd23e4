import { pathToFileURL } from 'node:url'
import { SurprisalError } from '@surprisal/tensor'
import type { BenchCase } from './bench-case.ts'

/**
 * The cases of a bench file.
 *
 * @throws {SurprisalError} `format` unless the default export is a case or a list of cases with different names
 */
export async function readBenchFile(file: string): Promise<readonly BenchCase[]> {
  const { default: exported } = (await import(pathToFileURL(file).href)) as { default?: BenchCase | BenchCase[] }
  const cases = [exported].flat()
  if (!cases.every(isCase))
    throw new SurprisalError('format', `readBenchFile: ${file} must export cases made by defineBench as its default`)
  const names = new Set(cases.map(one => one.case))
  if (names.size < cases.length)
    throw new SurprisalError('format', `readBenchFile: ${file} must give every case a name of its own`)
  return cases
}

const isCase = (value: BenchCase | undefined): value is BenchCase => typeof value?.case === 'string'
