/** The polynomial with these coefficients, the highest first, in a variable. */
export const horner = (x: string, coefficients: readonly number[]): string =>
  coefficients.slice(1).reduce((sum, c) => `(${sum} * ${x} + ${literal(c)})`, literal(coefficients[0]))

/** A number as a literal of f32. */
export const literal = (x: number): string => {
  const text = String(x)
  return /[.e]/.test(text) ? text : `${text}.0`
}
