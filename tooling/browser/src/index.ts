export { type BundleOptions, bundle } from './bundle.ts'
export { isChromiumAvailable, type LaunchOptions, launchChromium } from './chromium.ts'
export { type PageFile, type PageServer, servePages } from './serve.ts'
