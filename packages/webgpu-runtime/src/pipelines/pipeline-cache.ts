import { SurprisalError } from '@surprisal/tensor'
import type { RuntimeStats } from '../device/stats.ts'
import { type BindingKind, LayoutCache, type Layouts } from './layouts.ts'

/** The source of a pipeline. */
export interface PipelineSource {
  readonly name: string
  readonly wgsl: string
  readonly bindings: readonly BindingKind[]
  readonly constants?: Readonly<Record<string, number>>
}

/** A pipeline that is compiled or about to be. */
export interface Pipeline {
  readonly layouts: Layouts
  /** Null until it is compiled. */
  compiled: GPUComputePipeline | null
  /** Whether it did not compile. */
  hasFailed: boolean
  /** Rejects when the source does not compile. */
  readonly ready: Promise<void>
}

/** Pipelines by source, constants and bindings, compiled without stopping the host. */
export class PipelineCache {
  readonly #device: GPUDevice
  readonly #stats: RuntimeStats
  readonly #layouts: LayoutCache
  readonly #showsSource: boolean
  readonly #known = new Map<string, Pipeline>()

  /** @param showsSource whether messages hold the whole source of a shader that does not compile */
  constructor(device: GPUDevice, stats: RuntimeStats, showsSource = false) {
    this.#device = device
    this.#stats = stats
    this.#showsSource = showsSource
    this.#layouts = new LayoutCache(device)
  }

  for(source: PipelineSource): Pipeline {
    const key = `${source.bindings.join()} ${JSON.stringify(source.constants ?? {})}\n${source.wgsl}`
    const known = this.#known.get(key)
    if (known) return known
    const pipeline = this.#compile(source)
    this.#known.set(key, pipeline)
    // A shader that failed, for a lost device perhaps, is tried again by the next caller.
    pipeline.ready.catch(() => {
      pipeline.hasFailed = true
      this.#known.delete(key)
    })
    return pipeline
  }

  #compile({ name, wgsl, bindings, constants }: PipelineSource): Pipeline {
    const layouts = this.#layouts.for(bindings)
    this.#device.pushErrorScope('validation')
    const module = this.#device.createShaderModule({ label: name, code: wgsl })
    const moduleError = this.#device.popErrorScope()
    const compute = constants ? { module, constants: { ...constants } } : { module }
    const compiling = this.#device.createComputePipelineAsync({ label: name, layout: layouts.pipeline, compute })
    this.#stats.pipelinesCompiled += 1
    const ready = compiling.then(
      compiled => {
        pipeline.compiled = compiled
      },
      async error => {
        const messages = (await moduleError) ? await messagesOf(module, wgsl) : ''
        const what = `${name}: shader does not compile: ${messages || String(error.message)}`
        throw new SurprisalError('device', this.#showsSource ? `${what}\n${numbered(wgsl)}` : what)
      },
    )
    moduleError.catch(() => {})
    const pipeline: Pipeline = { layouts, compiled: null, hasFailed: false, ready }
    return pipeline
  }
}

/** A source with the numbers of its lines, as the compiler's messages count them. */
function numbered(wgsl: string): string {
  const lines = wgsl.split('\n')
  const width = String(lines.length).length
  return lines.map((line, i) => `${String(i + 1).padStart(width)} | ${line}`.trimEnd()).join('\n')
}

/** What the compiler says, each with its line of the source. */
async function messagesOf(module: GPUShaderModule, wgsl: string): Promise<string> {
  const { messages } = await module.getCompilationInfo()
  const lines = wgsl.split('\n')
  const errors = messages.filter(({ type }) => type === 'error')
  return errors.map(({ lineNum, message }) => `${message} at line ${lineNum}: ${lines[lineNum - 1]?.trim()}`).join('; ')
}
