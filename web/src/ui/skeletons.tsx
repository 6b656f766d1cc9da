/** Placeholders in the shape of content that is loading. */

import { Group, Paper, SimpleGrid, Skeleton, Stack } from '@mantine/core';

/** Keys for `count` equal placeholders. */
export function placeholderKeys(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

/** Rows of a list or a table: a name, a description and a number. */
export function ListSkeleton({ rows = 4 }: { rows?: number }) {
  return (
    <div data-testid="skeleton" aria-hidden>
      {placeholderKeys(rows).map((key) => (
        <Group key={key} justify="space-between" wrap="nowrap" py={9} className="ruled">
          <Stack gap={7} flex={1}>
            <Skeleton h={13} w="45%" />
            <Skeleton h={10} w="65%" />
          </Stack>
          <Skeleton h={13} w={48} />
        </Group>
      ))}
    </div>
  );
}

/** Cards of this height, one below the other. */
export function CardsSkeleton({ cards = 3, height }: { cards?: number; height: number }) {
  return (
    <Stack gap="xs" data-testid="skeleton" aria-hidden>
      {placeholderKeys(cards).map((key) => (
        <Skeleton key={key} h={height} radius="md" />
      ))}
    </Stack>
  );
}

/** Fields with their labels, and a button. */
export function FormSkeleton({ fields = 4 }: { fields?: number }) {
  return (
    <Stack gap="md" data-testid="skeleton" aria-hidden>
      {placeholderKeys(fields).map((key) => (
        <Stack key={key} gap={7}>
          <Skeleton h={12} w={140} />
          <Skeleton h={36} />
        </Stack>
      ))}
      <Skeleton h={36} w={120} ml="auto" />
    </Stack>
  );
}

/** Small cards side by side. */
export function TilesSkeleton({ tiles = 4, height, cols }: { tiles?: number; height: number; cols: { base: number; md: number } }) {
  return (
    <SimpleGrid cols={cols} spacing="sm" aria-hidden>
      {placeholderKeys(tiles).map((key) => (
        <Skeleton key={key} h={height} radius="md" />
      ))}
    </SimpleGrid>
  );
}

/** A detail page: name, actions and facts. `tiles`: with figures. */
export function PageSkeleton({ tiles = false }: { tiles?: boolean }) {
  return (
    <Stack gap="md" data-testid="skeleton" aria-hidden>
      <Skeleton h={30} w={220} my={4} />
      <Group gap="xs">
        {placeholderKeys(3).map((key) => (
          <Skeleton key={key} h={32} w={104} />
        ))}
      </Group>
      {tiles ? <TilesSkeleton height={92} cols={{ base: 2, md: 4 }} /> : null}
      <Paper withBorder p="md">
        <ListSkeleton rows={5} />
      </Paper>
    </Stack>
  );
}
