/** A hook that returns whether the screen is a phone's. */

import { useMediaQuery } from '@mantine/hooks';

/** Narrower screens have no room for a table. The style sheets use the same width. */
const PHONE = '(max-width: 47.99em)';

/** Known before the first render, so that a list does not change from a table to cards. */
export function useIsPhone(): boolean {
  return useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
}
