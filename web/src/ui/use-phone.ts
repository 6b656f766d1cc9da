/** Whether the screen is a phone's. */

import { useMediaQuery } from '@mantine/hooks';

/** Below it a table has no room: style sheets name the same width. */
const PHONE = '(max-width: 47.99em)';

/** Known before the first drawing: a list is not drawn as a table first and as cards then. */
export function useIsPhone(): boolean {
  return useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false });
}
