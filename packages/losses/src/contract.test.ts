import { readFileSync } from 'node:fs'
import type { Tensor } from '@surprisal/tensor'
import { checkLoss, type LossDescriptor, parseVectorFile } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { contract } from './contract.ts'
import * as exported from './index.ts'
import { crossEntropy, mseLoss, type Reduction, reduceLoss } from './index.ts'

const file = new URL('../vectors/00-family.json', import.meta.url)
const { cases } = parseVectorFile(readFileSync(file, 'utf8'), file.pathname)

describe('contract', () => {
  it.each(contract)('$name keeps the contract of losses', async descriptor => {
    await checkLoss(descriptor, { cases: 2, vectors: cases.filter(entry => entry.call === descriptor.name) })
  })

  it('describes every exported loss', () => {
    const names = contract.map(descriptor => descriptor.name)
    expect([...names, 'reduceLoss'].sort()).toEqual(Object.keys(exported).sort())
  })

  it('carries the functions that the package exports', () => {
    const functions = exported as unknown as Record<string, unknown>
    for (const { name, loss } of contract) expect(functions[name]).toBe(loss)
  })

  const entropy = contract.find(descriptor => descriptor.name === 'crossEntropy') as LossDescriptor
  const squared = contract.find(descriptor => descriptor.name === 'mseLoss') as LossDescriptor
  const withLoss = (descriptor: LossDescriptor, loss: (...args: Tensor[]) => Tensor): LossDescriptor => ({
    ...descriptor,
    loss,
  })

  it.each<[string, LossDescriptor, string]>([
    ['another value', { ...squared, reference: () => 1 }, 'value on wasm: expected 1'],
    ['a missing gradient', withLoss(squared, (x, t) => mseLoss(x, t.detach())), 'gradient of input 1'],
    ['a reduction of its own', withLoss(squared, (x, t) => mseLoss(x, t)), "'none' joins the losses of a batch"],
    [
      'an option without bounds',
      { ...squared, options: { power: { default: 2, min: 1 } } },
      'power = 0 is not refused',
    ],
    [
      'an ignored row that counts',
      withLoss(entropy, (x, y, options) => crossEntropy(x, y.maximum(0), options as object)),
      'the mean with an ignored row is not the mean of the others',
    ],
    [
      'overflow',
      withLoss(
        { ...squared, reference: ([x]) => x.reduce((sum, value) => sum + Math.exp(value), 0) / x.length },
        (x, _t, o) => reduceLoss(x.exp(), (o as { reduction?: Reduction }).reduction),
      ),
      'not finite for inputs of the order of 1e4',
    ],
  ])('is broken by %s', async (_what, descriptor, problem) => {
    await expect(checkLoss(descriptor, { cases: 1 })).rejects.toThrow(problem)
  })
})
