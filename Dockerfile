FROM node:24-slim

ENV NODE_ENV=production
WORKDIR /app

# First copy the files that npm's install scripts need, which also build the web application: this layer stays cached while only the server changes.
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

# No shell in between, so that SIGTERM reaches the server, which then drains.
CMD ["node", "src/main.ts"]
