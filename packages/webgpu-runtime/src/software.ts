import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { SurprisalError, setDefaultDevice } from '@surprisal/tensor'
import { registerBackend } from './executor/use-device.ts'
import { createRuntime, type RuntimeOptions } from './runtime.ts'

/** Of dlopen: the library stays although it is no addon of Node. */
const noDelete = 0x1000

/** Kept while they are in use: devices do not keep their GPU alive. */
const running = new Set<GPU>()

/** Unpacks SwiftShader, a Vulkan driver in software, and gives its folder; several processes may do so at once. */
async function unpack(): Promise<string> {
  const home = join(tmpdir(), 'surprisal-swiftshader-147')
  if (existsSync(join(home, 'vk_swiftshader_icd.json'))) return home
  const { inflate } = await import('@sparticuz/chromium')
  const part = mkdtempSync(`${home}-`)
  const before = process.env.TMPDIR
  process.env.TMPDIR = part
  try {
    const pack = new URL('../../bin/swiftshader.tar.br', import.meta.resolve('@sparticuz/chromium'))
    await inflate(pack.pathname)
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  try {
    renameSync(part, home)
  } catch {
    rmSync(part, { recursive: true })
  }
  return home
}

/**
 * Makes SwiftShader the Vulkan driver of this process, as setting LD_LIBRARY_PATH before its start would: a library
 * that is loaded already is found by its name.
 */
export async function useSwiftShader(): Promise<void> {
  const home = await unpack()
  process.env.VK_ICD_FILENAMES = join(home, 'vk_swiftshader_icd.json')
  try {
    process.dlopen({ exports: {} }, join(home, 'libvulkan.so.1'), constants.dlopen.RTLD_NOW | noDelete)
  } catch (error) {
    if (!String(error).includes('did not self-register')) throw error
  }
}

/**
 * A GPU for tests in Node: Dawn (the npm package `webgpu`) with SwiftShader (of `@sparticuz/chromium`), where a processor
 * plays the device; with the machine's own device where the environment has `SURPRISAL_GPU=native`. Null where there is
 * none. Keep it as long as its devices are in use, as they do not keep it alive.
 */
export async function gpuForTests(): Promise<GPU | null> {
  const isNative = process.env.SURPRISAL_GPU === 'native'
  if (!isNative && (process.platform !== 'linux' || process.arch !== 'x64')) return null
  if (!isNative) await useSwiftShader()
  const { create } = await import('webgpu')
  const gpu = create([])
  return (await gpu.requestAdapter()) ? gpu : null
}

/**
 * Makes a device for tests the default one of `@surprisal/tensor`.
 * @param options as for `createRuntime`, `{limits: 'minimum', features: []}` for the least of all devices
 * @returns what ends it
 * @throws {SurprisalError} `device` where there is none
 */
export async function useForTests(options: RuntimeOptions = {}): Promise<() => void> {
  const gpu = await gpuForTests()
  if (!gpu) throw new SurprisalError('device', 'webgpu: no adapter')
  const runtime = await createRuntime({ gpu, ...options })
  running.add(gpu)
  registerBackend(runtime)
  setDefaultDevice('webgpu')
  return () => {
    setDefaultDevice('cpu')
    runtime.destroy()
    running.delete(gpu)
  }
}
