import { defineConfig } from 'prisma/config';

// `prisma generate` looks for a schema engine that it does not use, and would download it. Any existing
// executable satisfies this check. Migrations are applied by src/db/migrate.ts, which needs no engine.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: 'prisma/schema.prisma' });
