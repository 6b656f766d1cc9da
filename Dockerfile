FROM node:24-slim

ENV NODE_ENV=production
WORKDIR /app

# What npm's install scripts need, which build the panel too, comes first: the layer is kept while only the server changes.
COPY package.json package-lock.json prisma.config.ts ./
COPY patches patches
COPY prisma prisma
COPY web web
RUN npm ci --omit=dev && npm cache clean --force

COPY schema schema
COPY src src

USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# Without a shell in between, SIGTERM reaches the server, which drains.
CMD ["node", "src/main.ts"]
