export interface AtEndOfTurn {
  /** Never throws. */
  endTurn(): void
}

let waiting: AtEndOfTurn[] = []

/**
 * Calls `endTurn` after all input of this turn of the event loop has been handled. Writing to many sockets at
 * once wakes the other side once; one write after each request would wake it each time, which costs more than
 * the write: a twelfth of a request over HTTP/2 (docs/decisions/0005).
 */
export function atEndOfTurn(one: AtEndOfTurn): void {
  if (waiting.push(one) === 1) setImmediate(endTurn)
}

function endTurn(): void {
  const all = waiting
  waiting = []
  for (const one of all) one.endTurn()
}
