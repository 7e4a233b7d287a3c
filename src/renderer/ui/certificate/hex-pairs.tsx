import { Fragment } from 'react'

/** Hexadecimal in pairs (`3f:a2:…`) that wraps only between pairs. */
export function HexPairs({ hex }: { hex: string }) {
  const pairs = hex.match(/..?/g) ?? []
  return pairs.map((pair, index) => (
    <Fragment key={index}>
      {pair}
      {index < pairs.length - 1 ? ':' : null}
      <wbr />
    </Fragment>
  ))
}
