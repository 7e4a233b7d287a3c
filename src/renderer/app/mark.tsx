/** The product's mark: a shield with three lines, a gate and what passes it. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden>
      <rect width="32" height="32" rx="8" fill="#3c4a8f" />
      <path
        d="M16 6.5 24 9.6v6.1c0 5-3.3 8.4-8 9.8-4.7-1.4-8-4.8-8-9.8V9.6z"
        stroke="#fff"
        strokeWidth="2"
        strokeLinejoin="round"
      />
      <path d="M12.4 13h7.2M12.4 16h5M12.4 19h7.2" stroke="#fff" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
