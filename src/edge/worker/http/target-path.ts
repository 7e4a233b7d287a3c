/** A request's target without its query. */
export function pathOf(target: string): string {
  return target.split('?', 1)[0]!
}
