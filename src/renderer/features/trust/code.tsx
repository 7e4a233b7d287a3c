import { encodeQR } from 'qr'
import classes from './trust.module.css'

/** Quiet zone of four light modules (ISO/IEC 18004, 9.1); dark on light also in the dark theme. */
const quietZone = 4

export function Code({ text, label }: { text: string; label: string }) {
  const modules = encodeQR(text, 'raw', { border: quietZone })
  const path = modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <svg
      role="img"
      aria-label={label}
      className={classes.code}
      viewBox={`0 0 ${modules.length} ${modules.length}`}
      shapeRendering="crispEdges"
    >
      <path d={path.join('')} />
    </svg>
  )
}
