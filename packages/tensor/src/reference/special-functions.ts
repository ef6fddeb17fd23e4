import { erfinv } from '../error-function.ts'
import { digamma, lgamma } from '../gamma-function.ts'
import { normalFromBits } from './normal.ts'

/** The functions of one operand that generated code does not have. */
export const specialFunctions = { erfinv, lgamma, digamma, normalFromBits }
