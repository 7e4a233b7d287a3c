import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../../connection/engine-context.tsx'
import { certificateBlocks } from '../../../ui/certificate/certificate-blocks.ts'
import { useCall } from '../../../ui/feedback/feedback.tsx'

/** Titles of the trust anchors, and a function that adds anchors from files that the engine has checked. */
export function useAnchors(anchors: string[], onChange: (anchors: string[]) => void) {
  const { t } = useTranslation('protocol')
  const client = useClient()
  const call = useCall()
  const [titles, setTitles] = useState<ReadonlyMap<string, string>>(new Map())
  const [refusal, setRefusal] = useState<string | null>(null)

  useEffect(() => {
    const abort = new AbortController()
    const unread = anchors.filter((anchor) => !titles.has(anchor))
    if (unread.length === 0) return undefined
    const files = unread.map((anchor) => new File([anchor], 'anchor.pem'))
    client.inspect.read({ files }, { signal: abort.signal }).then(
      ({ pieces }) => {
        const found = pieces.flatMap((piece) => (piece.certificate ? [piece.certificate.title] : []))
        setTitles(
          (before) => new Map([...before, ...unread.map((anchor, at) => [anchor, found[at] ?? ''] as const)]),
        )
      },
      () => undefined,
    )
    return () => abort.abort()
  }, [client, anchors, titles])

  async function add(files: File[]): Promise<void> {
    setRefusal(null)
    const report = await call.run(() => client.inspect.read({ files }))
    if (!report) return
    const found = report.pieces.flatMap(({ certificate }) => (certificate ? [certificate] : []))
    const leaf = found.find(({ isCa }) => !isCa)
    if (found.length === 0) return setRefusal(t('anchorsNothing'))
    if (leaf) return setRefusal(t('anchorsNotOne', { title: leaf.title }))
    const texts = (await Promise.all(files.map(certificatesIn))).flat()
    if (texts.length === 0) return setRefusal(t('anchorsNothing'))
    onChange([...new Set([...anchors, ...texts])])
  }

  return { titles, call, refusal, add }
}

/** Extracts only the certificates: PEM blocks, or DER as base64. A key in the file goes no further. */
async function certificatesIn(file: File): Promise<string[]> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (bytes[0] === 0x30) return [btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))]
  return certificateBlocks(new TextDecoder('latin1').decode(bytes))
}
