/** The logo. */

import icon from '../icon.svg';

export function Mark({ size = 28 }: { size?: number }) {
  return <img src={icon} width={size} height={size} alt="" />;
}
