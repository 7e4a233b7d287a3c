import { ListedFields } from './fields.ts'

export function fieldLines(fields: string[]): string {
  const listed = new ListedFields(fields)
  return listed.lines(0, listed.count)
}

/** Parses lines that the edge has written itself: `name: value`, each with its line end. */
export function readLines(lines: string): string[] {
  const fields: string[] = []
  for (const line of lines.split('\r\n')) {
    if (line === '') continue
    const colon = line.indexOf(':')
    fields.push(line.slice(0, colon), line.slice(colon + 2))
  }
  return fields
}

/** Values of a field and its look-alikes among lines of HTTP/1.1. */
export function valuesInLines(lines: string, seen: string): string[] {
  const fields = new ListedFields(readLines(lines))
  const values: string[] = []
  for (let at = 0; at < fields.count; at += 1) if (fields.resembles(at, seen)) values.push(fields.value(at))
  return values
}

export function withoutLines(lines: string, seen: string): string {
  return fieldLines(withoutField(readLines(lines), seen))
}

/** Removes a field and its look-alikes from alternating names and values. */
export function withoutField(list: string[], seen: string): string[] {
  const fields = new ListedFields(list)
  const left: string[] = []
  for (let at = 0; at < fields.count; at += 1) {
    if (!fields.resembles(at, seen)) left.push(fields.name(at), fields.value(at))
  }
  return left
}
