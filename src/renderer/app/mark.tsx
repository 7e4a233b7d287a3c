import icon from '../icon.svg'

/** The product's mark: a keep with a lock in its gate. */
export function Mark({ size = 26 }: { size?: number }) {
  return <img src={icon} width={size} height={size} alt="" />
}
