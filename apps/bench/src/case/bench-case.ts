import type { Tensor } from '@surprisal/tensor'
import type { Counts } from '../gpu/counts.ts'
import type { OnnxGraph } from '../onnx/graph.ts'
import type { InputSpec } from './inputs.ts'

/** The peers that the harness knows. */
export const peerNames = ['tfjs', 'jax-js', 'ort', 'torch'] as const

/** Values by the names of the inputs of a case. */
export type Named<Value> = Readonly<Record<string, Value>>

/** Numbers as they come from a device. */
export type Numbers = ArrayLike<number>

/** A computation that keeps something between its evaluations, such as the weights that a training step changes. */
export interface Session {
  /** One evaluation, whole; nothing is downloaded. */
  run(): void | Promise<void>
  /** What is compared with the other participants, asked for once, after the first evaluation. */
  results(): Promise<readonly Numbers[]>
}

/** A program over tensors of one library: a function of the inputs, or a maker of a {@link Session}. */
export type Program<Library, Value> =
  | ((x: Named<Value>, library: Library) => Value | readonly Value[])
  | { readonly prepare: (x: Named<Value>, library: Library) => Session | Promise<Session> }

/** A program of this project. */
export type OwnProgram = Program<typeof import('@surprisal/tensor'), Tensor>

/** TensorFlow.js as a program gets it. */
export type Tfjs = typeof import('@tensorflow/tfjs-core')

/** A tensor of TensorFlow.js. */
export type TfjsTensor = import('@tensorflow/tfjs-core').Tensor

/** Its tensor of four dims, which some ops ask for by type. */
export type TfjsTensor4D = import('@tensorflow/tfjs-core').Tensor4D

/** A program of TensorFlow.js. */
export type TfjsProgram = Program<Tfjs, TfjsTensor>

/** jax-js as a program gets it. */
export type Jax = typeof import('@jax-js/jax')

/** An array of jax-js. */
export type JaxArray = import('@jax-js/jax').Array

/** A program of jax-js; a function is compiled by `jit` and owns its arguments, as the library asks. */
export type JaxProgram = Program<Jax, JaxArray>

/** Another program of this project to compare with, or the same one with another number of threads. */
export interface Variant {
  /** @default the program of the case */
  readonly program?: OwnProgram
  /** @default as many as the case has */
  readonly threads?: number
  /** Whether its results have to equal those of the case. @default true */
  readonly compared?: boolean
  /** On a GPU: whether kernels do more than one primitive each. @default true */
  readonly fusion?: boolean
}

/** Bounds beside the ratios; all of them are optional. */
export interface Limits {
  /** Milliseconds on a core of 3.5 GHz: printed, never counted as missed, since machines differ. */
  readonly guideMs?: number
  /** Milliseconds of the first evaluation of a process on such a core; printed only. */
  readonly guideFirstMs?: number
  /** Least part of the multiply-adds per second of the machine, on a GPU of the adapter; needs `work.flops`. */
  readonly compute?: number
  /** Least part of the bytes copied per second; needs `work.bytes`. */
  readonly stream?: number
  /** Most bytes beside the inputs. */
  readonly extraBytes?: number
  /** Most bytes beside inputs and results, as a part of those of a variant with the same results. */
  readonly temporaryBytesOf?: { readonly variant: string; readonly atMost: number }
  /** On a GPU: the most of each in one evaluation from the third on. */
  readonly counts?: Partial<Counts>
  /** On a GPU: how many times as many dispatches a peer or variant makes at least. */
  readonly dispatchesOf?: Named<number>
}

/** One computation, done by this project and by its peers on equal inputs. */
export interface BenchCase {
  /** Name within its package, in kebab case. */
  readonly case: string
  /** Where it is computed; peers that have no such device cannot take part. @default 'wasm' */
  readonly device?: 'wasm' | 'webgpu'
  readonly inputs: Named<InputSpec>
  /** Inputs to take instead, by name, where a processor plays the GPU; the programs go by their shapes. */
  readonly onSoftware?: Named<InputSpec>
  readonly ours: OwnProgram
  readonly peers?: {
    readonly tfjs?: TfjsProgram
    readonly 'jax-js'?: JaxProgram
    readonly ort?: OnnxGraph
    /**
     * A Python expression over the names of the inputs, or statements that define `evaluate()` and, where what is
     * compared is not what that returns, `results()`.
     */
    readonly torch?: string
  }
  readonly variants?: Named<Variant>
  /** Least ratio of a peer's or a variant's time to ours. */
  readonly targets?: Named<number>
  readonly limits?: Limits
  /** What one evaluation does at least: floating-point operations (a multiply and an add are two), bytes moved. */
  readonly work?: { readonly flops?: number; readonly bytes?: number }
  /** Largest difference that counts as equal: `atol + rtol * abs(peer)`. @default 1e-4 and 1e-5 */
  readonly tolerance?: { readonly rtol?: number; readonly atol?: number }
  /** Threads of all participants; a number on the command line comes first. @default 1 */
  readonly threads?: number
  /** Exports of `@surprisal/tensor` without which the case is skipped. */
  readonly requires?: readonly string[]
}
