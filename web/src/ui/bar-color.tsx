/** Gives the browser's own bar the colors that a person chose. */

import { useComputedColorScheme } from '@mantine/core';
import { useEffect } from 'react';

/** As the page says it for each scheme of the system. */
const BARS = [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')];
const COLORS = BARS.map(({ content }) => content);

/** The system's scheme alone would leave it light above a dark page. Shows nothing itself. */
export function BarColor() {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  useEffect(() => {
    const [light = '', dark = ''] = COLORS;
    for (const bar of BARS) bar.content = scheme === 'dark' ? dark : light;
  }, [scheme]);
  return null;
}
