import { WordLayout } from './block.ts'

/** Words of a product's phases; sizes and strides of memory in bytes. */
export const layout = new WordLayout(
  [
    'rows',
    /** Columns of the phase's part of b. */
    'columns',
    /** Where in the depth the phase begins and ends. */
    'firstDepth',
    'depth',
    /** Steps of depth in one packed block. */
    'depthBlock',
    /** Rows in one packed block. */
    'rowBlock',
    /** Rows and columns of one unit, and how many units they make in one entry of the batch. */
    'unitRows',
    'unitColumns',
    'rowUnits',
    'columnUnits',
    /** Where in the batch and in the columns the phase begins. */
    'firstEntry',
    'firstColumn',
    /** Bytes between rows, columns and entries of the result, and of an entry of packed b. */
    'rowBytes',
    'columnBytes',
    'entryBytes',
    'packedBytes',
    'aOffset',
    'bOffset',
    /** Where in scratch memory the tables and panels stand; a tile at the result's edge stands at 0. */
    'aLines',
    'aSteps',
    'aPanels',
    'bLines',
    'bSteps',
    'bPanels',
  ],
  ['aBatch', 'aLine', 'aDepth', 'bBatch', 'bLine', 'bDepth'],
)
