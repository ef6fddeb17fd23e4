/** Attribute of the element that takes the focus of one result; its value is the column, counted from 0. */
export const hitAttribute = 'data-hit-column'

/**
 * Moves the focus among the results: up and down within a column, left and right between columns, Home and End.
 *
 * @returns whether the key was one of these and something took the focus.
 */
export function moveAmongHits(key: string, target: Element, box: HTMLElement): boolean {
  const columns = readColumns()
  if (columns.length === 0) return false
  if (target === box) return key === 'ArrowDown' && focus(columns[0][0])
  const column = columns.findIndex(hits => hits.includes(target as HTMLElement))
  if (column < 0) return false
  const hits = columns[column]
  const row = hits.indexOf(target as HTMLElement)
  switch (key) {
    case 'ArrowDown':
      return focus(hits[row + 1])
    case 'ArrowUp':
      return focus(row === 0 ? box : hits[row - 1])
    case 'ArrowLeft':
    case 'ArrowRight': {
      const beside = columns[column + (key === 'ArrowLeft' ? -1 : 1)]
      return beside !== undefined && focus(beside[Math.min(row, beside.length - 1)])
    }
    case 'Home':
      return focus(hits[0])
    case 'End':
      return focus(hits.at(-1))
    default:
      return false
  }
}

/** Whether an element takes typed text, so that `/` belongs to it. */
export function takesText(element: Element | null): boolean {
  return (
    element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName))
  )
}

function readColumns(): HTMLElement[][] {
  const columns: HTMLElement[][] = []
  for (const element of document.querySelectorAll<HTMLElement>(`[${hitAttribute}]`)) {
    const column = Number(element.getAttribute(hitAttribute))
    columns[column] ??= []
    columns[column].push(element)
  }
  return columns.filter(hits => hits !== undefined)
}

function focus(element: HTMLElement | undefined): boolean {
  element?.focus()
  element?.scrollIntoView({ block: 'nearest' })
  return element !== undefined
}
