# syntax=docker/dockerfile:1

# The web client: plain files in the end.
FROM node:24-slim AS client
WORKDIR /build
COPY client/web/package.json client/web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY client/web ./
RUN npm run build

# The Python environment: from the lock, without the embedded servers and the tools.
FROM python:3.13-slim AS environment
COPY --from=ghcr.io/astral-sh/uv:0.13 /uv /bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=/opt/lockstep
WORKDIR /app
COPY pyproject.toml uv.lock README.md ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev --no-install-project
COPY server ./server
# Editable: migrations and the web client are found beside the server.
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home lockstep \
 && install --directory --owner lockstep /var/lib/lockstep
WORKDIR /app
COPY --from=environment /opt/lockstep /opt/lockstep
COPY pyproject.toml README.md alembic.ini Procfile ./
COPY server ./server
COPY migrations ./migrations
COPY --from=client /build/dist ./client/web/dist
ENV PATH=/opt/lockstep/bin:$PATH PYTHONUNBUFFERED=1 LOCKSTEP_LOG_FORMAT=json LOCKSTEP_DATA_DIR=/var/lib/lockstep
USER lockstep
VOLUME /var/lib/lockstep
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["lockstep", "web", "--host", "0.0.0.0"]
