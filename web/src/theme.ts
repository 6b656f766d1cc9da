/** The colors and defaults of the components. */

import { createTheme, type MantineColorsTuple } from '@mantine/core';

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

export const theme = createTheme({
  colors: { brand },
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 7 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '650' },
  components: {
    // What a finger is to hit is at least 24 px wide and high (WCAG 2.5.8); style.css has the rest.
    Checkbox: { vars: () => ({ root: { '--checkbox-size': '24px' } }) },
    NumberInput: { defaultProps: { hideControls: true } },
    Modal: { styles: { title: { fontWeight: 650, overflowWrap: 'anywhere' } } },
    Drawer: { styles: { title: { fontWeight: 650, overflowWrap: 'anywhere' } } },
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
