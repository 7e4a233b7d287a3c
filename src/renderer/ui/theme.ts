import type { RefCallback } from 'react'
import {
  createTheme,
  mergeThemeOverrides,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from '@mantine/core'

/** Colour of controls. Green is reserved for "HTTPS works here". */
const iris: MantineColorsTuple = [
  '#eff1fd',
  '#dee3fa',
  '#bac4f3',
  '#97a6ee',
  '#7d8fe8',
  '#6478de',
  '#4f62cf',
  '#4354b4',
  '#38479a',
  '#2b377d',
]
/** Reserved for "HTTPS works here", after a successful verification. */
const works: MantineColorsTuple = [
  '#e8faf1',
  '#d0f3e1',
  '#a3e6c5',
  '#70d8a4',
  '#45ca88',
  '#28b970',
  '#159a59',
  '#0b7d46',
  '#076337',
  '#034a28',
]
const gray: MantineColorsTuple = [
  '#f6f7f9',
  '#eef0f4',
  '#e2e6ec',
  '#d3d9e2',
  '#bec7d3',
  '#939eaf',
  '#727d8f',
  '#545f70',
  '#3a4351',
  '#1f2630',
]
/** Mantine's red is too light under white text; this one has a contrast of 5:1. */
const red: MantineColorsTuple = [
  '#fdf0f0',
  '#fbdcdd',
  '#f5b5b7',
  '#ee8b8e',
  '#e4666a',
  '#d94a4f',
  '#c9353b',
  '#b02a30',
  '#8f2126',
  '#6f181d',
]
const dark: MantineColorsTuple = [
  '#e4e7ec',
  '#c0c6d0',
  '#9ea6b3',
  '#79818f',
  '#373e4a',
  '#2b313b',
  '#20252d',
  '#16191f',
  '#111318',
  '#0c0e12',
]

const dialogDefaults = {
  radius: 'lg',
  overlayProps: { backgroundOpacity: 0.5 },
  transitionProps: { duration: 120 },
}
const smallDescription = { description: { fontSize: 'var(--mantine-font-size-xs)', lineHeight: 1.45 } }

/** `closeLabel`: accessible name of the close buttons of dialogs and notifications; `dialogRef`: ref of each dialog. */
export function createWindowTheme(
  closeLabel: string,
  dialogRef: RefCallback<HTMLElement>,
): MantineThemeOverride {
  const close = { closeButtonProps: { 'aria-label': closeLabel } }
  return mergeThemeOverrides(theme, {
    components: {
      Modal: { defaultProps: { ...dialogDefaults, ...close, ref: dialogRef } },
      Drawer: { defaultProps: close },
      Notification: { defaultProps: close },
    },
  })
}

const theme: MantineThemeOverride = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 6, dark: 6 },
  colors: { iris, works, red, gray, dark },
  black: '#1f2630',
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.35' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '0.1875rem', sm: '0.3125rem', md: '0.4375rem', lg: '0.625rem', xl: '0.875rem' },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    // The placeholder is a focusable child of role presentation, which a menu must not have.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: {
      styles: {
        title: { fontWeight: 640, fontSize: 'var(--mantine-font-size-md)' },
      },
    },
    Tooltip: {
      defaultProps: { openDelay: 300, withArrow: false, events: { hover: true, focus: true, touch: true } },
    },
    // An open list takes the first Escape from its dialog, also one without a suggestion; see `TagsField`.
    Select: { defaultProps: { openOnFocus: false } },
    MultiSelect: { defaultProps: { openOnFocus: false } },
    TagsInput: { defaultProps: { dropdownOpened: false } },
    Radio: { styles: smallDescription },
    Checkbox: { styles: smallDescription },
    Switch: { styles: smallDescription },
    Input: { defaultProps: { size: 'sm' } },
    InputWrapper: {
      defaultProps: { size: 'sm' },
      styles: { ...smallDescription, label: { fontWeight: 570 } },
    },
    Table: { defaultProps: { verticalSpacing: 9, horizontalSpacing: 12 } },
  },
})

/** Keeps dimmed text at a contrast of at least 4.5:1 on its surfaces. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#586374',
    '--mantine-color-placeholder': '#6b7687',
    '--mantine-color-error': '#c2242b',
    '--mantine-color-anchor': '#4354b4',
    '--ek-canvas': '#f5f6f8',
    '--ek-surface': '#ffffff',
    '--ek-sunken': '#f6f7f9',
    '--ek-border': '#e1e5eb',
    '--ek-accent': '#4354b4',
    '--ek-accent-soft': '#eef0fc',
    '--ek-no': '#c2242b',
    '--ek-no-soft': '#fdf0f0',
    '--ek-caution': '#8f5a00',
    '--ek-caution-soft': '#fff6e3',
    '--ek-works': '#0b7d46',
    '--ek-chart-strong': '#5b6dd6',
    '--ek-chart-soft': '#b3bcca',
    '--ek-works-soft': '#e6f7ee',
  },
  dark: {
    '--mantine-color-dimmed': '#9ea6b3',
    '--mantine-color-placeholder': '#8b93a1',
    '--mantine-color-error': '#ff8a8a',
    '--mantine-color-anchor': '#a5b2f5',
    '--ek-canvas': '#111318',
    '--ek-surface': '#191c23',
    '--ek-sunken': '#14171c',
    '--ek-border': '#2a2f39',
    '--ek-accent': '#a5b2f5',
    '--ek-accent-soft': '#232843',
    '--ek-no': '#ff8a8a',
    '--ek-no-soft': '#3a1d20',
    '--ek-caution': '#f0bd62',
    '--ek-caution-soft': '#372b14',
    '--ek-works': '#45ca88',
    '--ek-chart-strong': '#8496ee',
    '--ek-chart-soft': '#545d6c',
    '--ek-works-soft': '#12301f',
  },
})
