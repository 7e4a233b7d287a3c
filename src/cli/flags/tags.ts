import type { Command } from 'commander'
import type { TagChanges } from '../../contract/shared/tags.ts'
import { usageError } from '../frame/command.ts'

export type TagOptions = Partial<TagChanges>

/** Options of the commands that change the tags of many. */
export function withTagChanges(command: Command): Command {
  return command
    .option('--add <tag...>', 'tags to add; up to 20 of 40 characters for each')
    .option('--remove <tag...>', 'tags to remove')
}

/** @throws `usage.wrong` without a change */
export function tagChangesOf({ add = [], remove = [] }: TagOptions): TagChanges {
  if (add.length === 0 && remove.length === 0) throw usageError('Give --add TAG… or --remove TAG….')
  return { add, remove }
}
