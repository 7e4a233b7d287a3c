import { Button, FileButton } from '@mantine/core'
import { IconFileSearch } from '@tabler/icons-react'
import { useId, type ReactNode } from 'react'
import { useFileDrop } from '../../../ui/forms/drop-zone.tsx'
import classes from './compare.module.css'

/** One side of a comparison, with a drop zone and a choice to replace it. */
export function ComparedSide(props: {
  title: string
  name: string
  choose: string
  onFiles: (files: File[]) => void
  children?: ReactNode
}) {
  const id = useId()
  const { over, handlers } = useFileDrop(props.onFiles)
  return (
    <section className={classes.side} data-over={over} data-takes-files aria-labelledby={id} {...handlers}>
      <h4 id={id} className={classes.sideTitle}>
        {props.title}
      </h4>
      <p className={classes.sideName}>{props.name}</p>
      <div className={classes.choice}>
        {props.children}
        <FileButton multiple onChange={(files) => files.length > 0 && props.onFiles(files)}>
          {(button) => (
            <Button variant="default" leftSection={<IconFileSearch size={15} />} {...button}>
              {props.choose}
            </Button>
          )}
        </FileButton>
      </div>
    </section>
  )
}
