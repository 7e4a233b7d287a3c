import { z } from 'zod'
import { realPath } from '../../../platform/files/real-path.ts'

const folderSchema = z.looseObject({ protocol: z.literal('folder'), folder: z.string() })

/**
 * Adds a boundary to each folder origin in the JSON of a column: the folder of its project, else the real path
 * of the folder. One that a link leads out of its project by now is refused from then on.
 */
export function withBoundaries(json: string, project: string | null): string {
  return JSON.stringify(JSON.parse(json), (_key, value: unknown) => {
    const { data } = folderSchema.safeParse(value)
    return data ? { ...data, boundary: realPath(project ?? data.folder) } : value
  })
}
