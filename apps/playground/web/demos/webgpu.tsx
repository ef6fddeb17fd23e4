import { useState } from 'preact/hooks'
import type { Demo } from '../demo.ts'
import { Controls } from '../webgpu/controls.tsx'
import { DeviceCards, DeviceLimits } from '../webgpu/device-cards.tsx'
import { Results } from '../webgpu/results.tsx'
import { useComparison } from '../webgpu/use-comparison.ts'
import { type WorkName, works } from '../webgpu/work.ts'

/** Samples of each device; fewer where a processor plays the GPU. */
const rounds = { gpu: 30, software: 10 }

function WebGpuDemo() {
  const { devices, comparison, start, stop } = useComparison()
  const [work, setWork] = useState<WorkName>('matmul')
  const speed = devices?.gpu?.isSoftware ? 'software' : 'gpu'
  const [chosen, setChosen] = useState<Partial<Record<WorkName, number>>>({})
  const size = chosen[work] ?? works[work].startSize[speed]
  return (
    <div class="demo">
      <h1>The same tensors, on both devices</h1>
      <p class="lead">
        Surprisal writes its kernels for WebAssembly and for WebGPU out of one plan. Here both compute the same, in
        turn, in this browser.
      </p>
      <DeviceCards devices={devices} />
      {devices?.gpu && <DeviceLimits limits={devices.gpu.limits} />}
      <Controls
        work={work}
        size={size}
        isReady={devices !== null}
        isRunning={comparison?.isRunning ?? false}
        onWork={setWork}
        onSize={value => setChosen({ ...chosen, [work]: value })}
        onStart={() => start(work, size, rounds[speed])}
        onStop={stop}
      />
      {comparison && <Results comparison={comparison} hasGpu={Boolean(devices?.gpu)} />}
    </div>
  )
}

/** WebGPU against WebAssembly: what the device is, and how fast both compute the same. */
export const demo: Demo = { slug: 'webgpu', title: 'WebGPU', View: WebGpuDemo }
