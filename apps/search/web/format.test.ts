import { expect, it } from 'vitest'
import { formatCount, formatMetric, formatMetricName, formatMilliseconds, formatPlural, formatScore } from './format.ts'

it('separates thousands', () => {
  expect([0, 999, 117_659, 1234.6].map(formatCount)).toEqual(['0', '999', '117,659', '1,235'])
})

it('writes scores with three digits', () => {
  expect([14.234, 1, 0.6312, 0.0324, -0.2].map(formatScore)).toEqual(['14.2', '1.00', '0.631', '0.032', '-0.200'])
})

it('writes metrics with three decimals and a dash where there is none', () => {
  expect([0.5714, 1, null, undefined, Number.NaN].map(formatMetric)).toEqual(['0.571', '1.000', '–', '–', '–'])
})

it('writes metrics as the literature does', () => {
  expect(['mrr@10', 'ndcg@10', 'map', 'recall@100'].map(formatMetricName)).toEqual([
    'MRR@10',
    'nDCG@10',
    'MAP',
    'recall@100',
  ])
})

it('writes durations', () => {
  expect([0.04, 9.96, 12.4].map(formatMilliseconds)).toEqual(['0.0 ms', '10.0 ms', '12 ms'])
})

it('counts', () => {
  expect([0, 1, 2000].map(count => formatPlural(count, 'result'))).toEqual(['0 results', '1 result', '2,000 results'])
})
