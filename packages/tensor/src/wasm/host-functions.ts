/**
 * Functions of float64 that generated code calls lane by lane where a vector form would not pay. A module that calls
 * one imports all of them, in this order, so that a function's number does not depend on the module.
 */
export const hostFunctions = {
  log2: Math.log2,
  log10: Math.log10,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  sin: Math.sin,
  cos: Math.cos,
  atan2: Math.atan2,
  fmod: (a: number, b: number) => a % b,
} satisfies Record<string, ((x: number) => number) | ((a: number, b: number) => number)>

export type HostFunction = keyof typeof hostFunctions

export const hostFunctionNames = Object.keys(hostFunctions) as readonly HostFunction[]

/** How many float64 numbers a function of the host takes. */
export const hostArity = (name: HostFunction): number => hostFunctions[name].length
