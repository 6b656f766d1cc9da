/** Gives the browser's own bar the color of the chosen scheme. */

import { useComputedColorScheme } from '@mantine/core';
import { useEffect } from 'react';

/** The page's colors for the system's light and dark schemes. */
const BARS = [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')];
const COLORS = BARS.map(({ content }) => content);

/** Without this, the bar follows the system and may be light above a dark page. Renders nothing. */
export function BarColor() {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  useEffect(() => {
    const [light = '', dark = ''] = COLORS;
    for (const bar of BARS) bar.content = scheme === 'dark' ? dark : light;
  }, [scheme]);
  return null;
}
