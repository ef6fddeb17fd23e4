import type { DeviceDescription } from '@surprisal/webgpu-runtime'
import { formatCount, formatLimit, formatLimitName } from './format.ts'
import type { Devices } from './messages.ts'

/** What computes: the processor, and the GPU or why there is none. */
export function DeviceCards({ devices }: { devices: Devices | null }) {
  return (
    <div class="cards" aria-busy={devices === null}>
      <section class="card">
        <h2 data-device="cpu">WebAssembly</h2>
        {devices === null ? (
          <p class="soft">Looking …</p>
        ) : (
          <dl class="facts">
            <Fact name="Cores">{formatCount(devices.cores)}</Fact>
            <Fact name="Threads">
              {devices.threads ? 'several, over shared memory' : 'one (the page is not cross-origin isolated)'}
            </Fact>
          </dl>
        )}
      </section>
      <section class="card">
        <h2 data-device="webgpu">WebGPU</h2>
        {devices === null && <p class="soft">Looking …</p>}
        {devices?.gpu && <GpuFacts gpu={devices.gpu} />}
        {devices?.reason && (
          <p class="notice">This browser gives no GPU, so WebAssembly is measured alone ({devices.reason}).</p>
        )}
      </section>
    </div>
  )
}

function GpuFacts({ gpu }: { gpu: DeviceDescription }) {
  const adapter = [gpu.vendor, gpu.architecture, gpu.device].filter(Boolean).join(' · ')
  return (
    <dl class="facts">
      <Fact name="Adapter">{adapter || 'the browser does not say'}</Fact>
      {gpu.description && <Fact name="Description">{gpu.description}</Fact>}
      <Fact name="Kind">{gpu.isSoftware ? 'played by the processor, slowly' : 'hardware'}</Fact>
      <Fact name="Features">
        <Chips names={[...gpu.features, ...gpu.languageFeatures]} />
      </Fact>
    </dl>
  )
}

/** How far the GPU goes. */
export function DeviceLimits({ limits }: Pick<DeviceDescription, 'limits'>) {
  return (
    <details>
      <summary>Limits of the GPU</summary>
      <dl class="limits">
        {Object.entries(limits).map(([name, value]) => (
          <Fact key={name} name={formatLimitName(name)}>
            {formatLimit(name, value)}
          </Fact>
        ))}
      </dl>
    </details>
  )
}

function Chips({ names }: { names: readonly string[] }) {
  if (names.length === 0) return <>none of those that kernels use</>
  return (
    <ul class="chips">
      {names.map(name => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  )
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
