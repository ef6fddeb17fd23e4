import type { Code, Local } from '../code.ts'

/** Runs `body` while `counter < limit` (signed), adding `step` to the counter after each turn. */
export function whileBelow(code: Code, counter: Local, limit: Local, step: number | Local[], body: () => void): void {
  code.block(end => {
    code.loop(start => {
      code.get(counter).get(limit).op('i32.ge_s').branchIf(end)
      body()
      code.get(counter)
      if (typeof step === 'number') code.i32(step)
      else code.get(step[0])
      code.op('i32.add').set(counter).branch(start)
    })
  })
}

/** Runs `body` as often as `counter` says, perhaps never, counting it down to zero. */
export function times(code: Code, counter: Local, body: () => void): void {
  code.get(counter).if(() => code.repeat(counter, body))
}

/** Adds a constant to a local. */
export const advance = (code: Code, local: Local, by: number): Code => code.get(local).i32(by).op('i32.add').set(local)

/** Puts the smaller of two signed locals on the stack. */
export const smaller = (code: Code, a: Local, b: Local): Code =>
  code.get(a).get(b).get(a).get(b).op('i32.lt_s').select()
