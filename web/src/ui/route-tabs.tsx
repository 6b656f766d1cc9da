/** Tabs with one address each. */

import { ColorSwatch, Tabs, VisuallyHidden } from '@mantine/core';
import { type ComponentType, useEffect, useRef } from 'react';
import { Navigate, useNavigate, useParams } from 'react-router';
import classes from './route-tabs.module.css';

export interface RouteTab {
  readonly name: string;
  readonly label: string;
  /** If set, the tab has a dot, because something there needs attention. The text is for screen readers. */
  readonly alert?: string | null;
  readonly Content: ComponentType;
}

/** The tabs of a screen, each with its own address below `path`; the first tab has `path` itself. On a phone the row can be swiped. */
export function RouteTabs({ path, tabs }: { path: string; tabs: readonly RouteTab[] }) {
  const navigate = useNavigate();
  const { tab } = useParams();
  const first = tabs[0]?.name;
  const current = tab === undefined ? first : tabs.find(({ name }) => name === tab)?.name;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-part="${current}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  if (current === undefined) return <Navigate to={path} replace />;
  return (
    <Tabs value={current} onChange={(to) => navigate(to === first ? path : `${path}/${to}`)} keepMounted={false}>
      {tabs.length > 1 ? (
        <Tabs.List ref={list} mb="md" className={classes.list}>
          {tabs.map(({ alert, name, label }) => (
            <Tabs.Tab
              key={name}
              value={name}
              data-part={name}
              rightSection={alert ? <ColorSwatch size={8} color="var(--mantine-color-red-filled)" withShadow={false} aria-hidden /> : null}
            >
              {label}
              {alert ? <VisuallyHidden> ({alert})</VisuallyHidden> : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      ) : null}
      {tabs.map(({ name, Content }) => (
        <Tabs.Panel key={name} value={name}>
          <Content />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
