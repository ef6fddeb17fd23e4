export { buildPlayground, type RunningPlayground, type ServeOptions, servePlayground } from './serve.ts'
