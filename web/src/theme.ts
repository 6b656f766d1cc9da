/** The colors and defaults of the components. */

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** A deep sea green; white on shade 7 has a contrast of 6 to 1. */
const brand: MantineColorsTuple = [
  '#effcf9',
  '#d3f5ee',
  '#a8eade',
  '#74d9ca',
  '#45c1b2',
  '#24a598',
  '#17857b',
  '#0f6b64',
  '#0d5650',
  '#0b4743',
];

/**
 * Surfaces of the dark scheme, slightly tinted with the brand color. The higher a surface lies, the lighter its shade: the page
 * (8), a sheet (7), a field or an overlay (6), a hovered or pressed element (5).
 */
const dark: MantineColorsTuple = [
  '#d5dddb',
  '#b4bfbd',
  '#919d9b',
  '#66716f',
  '#3c4846',
  '#303b39',
  '#252f2d',
  '#1b2422',
  '#121917',
  '#0b100f',
];

/** The colors of alerts and badges. */
const TINTS = ['blue', 'brand', 'gray', 'green', 'orange', 'red', 'violet', 'yellow'] as const;

/** Red is filled with shade 9: white on shade 7, which the other colors use, has a contrast of only 3.8 to 1. */
const FILLED_RED = {
  '--mantine-color-red-filled': 'var(--mantine-color-red-9)',
  '--mantine-color-red-filled-hover': 'color-mix(in srgb, var(--mantine-color-red-9) 88%, black)',
};

/** Variables that Mantine's theme lacks: the colors of balances and surfaces. Tints are very weak in the dark scheme. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...FILLED_RED,
    '--surface-page': '#f6f8f8',
    '--surface-overlay': 'var(--mantine-color-white)',
    '--mantine-color-dimmed': '#5b6670',
    '--mantine-color-placeholder': '#69737c',
    '--state-ok': 'var(--mantine-color-brand-6)',
    '--state-low': 'var(--mantine-color-orange-6)',
    '--state-low-text': '#a8480a',
    '--state-locked': 'var(--mantine-color-red-7)',
    '--state-locked-text': 'var(--mantine-color-red-9)',
  },
  dark: {
    ...FILLED_RED,
    '--surface-page': 'var(--mantine-color-dark-8)',
    '--surface-overlay': 'var(--mantine-color-dark-6)',
    '--mantine-color-dimmed': '#a3b0ad',
    '--mantine-color-placeholder': '#a3b0ad',
    '--state-ok': 'var(--mantine-color-brand-5)',
    '--state-low': 'var(--mantine-color-orange-5)',
    '--state-low-text': 'var(--mantine-color-orange-3)',
    '--state-locked': 'var(--mantine-color-red-6)',
    '--state-locked-text': 'var(--mantine-color-red-3)',
    ...Object.fromEntries(
      TINTS.map((color) => [
        `--mantine-color-${color}-light`,
        `color-mix(in srgb, var(--mantine-color-${color}-5) 14%, var(--mantine-color-dark-7))`,
      ]),
    ),
  },
});

/** Elements over the page: menus, pop-ups. */
const OVERLAY = { backgroundColor: 'var(--surface-overlay)' };

/** The system font, for letters; style.css sets the font for digits. */
const LETTERS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

export const theme = createTheme({
  colors: { brand, dark },
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: `Numbers, ${LETTERS}`,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '650' },
  components: {
    // Touch targets are at least 24 px wide and high (WCAG 2.5.8); style.css has the other rules.
    Checkbox: { vars: () => ({ root: { '--checkbox-size': '24px' } }) },
    NumberInput: { defaultProps: { hideControls: true } },
    Popover: { styles: { dropdown: OVERLAY } },
    Menu: { styles: { dropdown: OVERLAY } },
    Combobox: { styles: { dropdown: OVERLAY } },
    Select: { styles: { dropdown: OVERLAY } },
    Modal: { styles: { content: OVERLAY, header: OVERLAY, title: { fontWeight: 650, overflowWrap: 'anywhere' } } },
    Drawer: { styles: { content: OVERLAY, header: OVERLAY, title: { fontWeight: 650, overflowWrap: 'anywhere' } } },
    Title: { styles: { root: { overflowWrap: 'anywhere' } } },
    // On their pale backgrounds the variants' own colors are hard to read.
    Badge: { styles: { root: { textTransform: 'none' }, label: { color: 'var(--mantine-color-text)' } } },
    // The variants' own colors are too pale to be read on their backgrounds.
    Alert: {
      styles: { title: { color: 'var(--mantine-color-text)' }, message: { color: 'var(--mantine-color-text)', overflowWrap: 'anywhere' } },
    },
    Notification: { styles: { description: { overflowWrap: 'anywhere' } } },
  },
});
