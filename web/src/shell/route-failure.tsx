/** The page for a route that failed. */

import { isRouteErrorResponse, useRouteError } from 'react-router';
import { Broken } from './boundary.tsx';
import { NotFound } from './not-found.tsx';

export function RouteFailure() {
  const error = useRouteError();
  return isRouteErrorResponse(error) && error.status === 404 ? <NotFound /> : <Broken />;
}
