export function pathOf(target: string): string {
  return target.split('?', 1)[0]!
}
