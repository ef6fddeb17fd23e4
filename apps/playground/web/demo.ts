import type { ComponentType } from 'preact'

/** One demo of the page: a file in `demos/` that exports one of these as `demo` is all that it takes. */
export interface Demo {
  /** Of its address, as in `#webgpu`. */
  readonly slug: string
  /** In the list of demos. */
  readonly title: string
  /** All below the bar at the top, with the heading. */
  readonly View: ComponentType
}

const modules = import.meta.glob<{ demo: Demo }>('./demos/*.tsx', { eager: true })

/** All demos, by title. */
export const demos: readonly Demo[] = Object.values(modules)
  .map(module => module.demo)
  .sort((a, b) => a.title.localeCompare(b.title, 'en'))

/** The demo of an address, the first one where there is none of that name. */
export const demoAt = (hash: string): Demo => demos.find(({ slug }) => `#${slug}` === hash) ?? demos[0]
