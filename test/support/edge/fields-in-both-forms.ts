import { ListedFields, TextFields, type Fields } from '../../../src/edge/worker/http/fields.ts'

export type Field = [name: string, value: string]

/** Converts fields into both forms of a head: a list, and one text. */
export function fieldsInBothForms(fields: Field[]): Fields[] {
  return [new ListedFields(fields.flat()), textFields(fields)]
}

function textFields(fields: Field[]): TextFields {
  const marks: number[] = []
  let text = ''
  for (const [name, value] of fields) {
    marks.push(text.length, text.length + name.length + 2)
    text += lineOf([name, value])
  }
  return new TextFields(text, [...marks, text.length])
}

export function lineOf([name, value]: Field): string {
  return `${name}: ${value}\r\n`
}
