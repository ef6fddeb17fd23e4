import { registerHooks } from 'node:module'

/**
 * Registers the gradients of TensorFlow.js. They are no part of the core's bundle for Node, only of the package of all
 * packages, which is six times as large; the core ships them as modules whose imports lack the extension that Node
 * asks for. They meet the core through its global registry.
 */
export async function registerGradients(): Promise<void> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const within = specifier.startsWith('.') && context.parentURL?.includes('/@tensorflow/tfjs-core/dist/')
      return next(within && !specifier.endsWith('.js') ? `${specifier}.js` : specifier, context)
    },
  })
  try {
    await import('@tensorflow/tfjs-core/dist/register_all_gradients.js')
  } finally {
    hooks.deregister()
  }
}
