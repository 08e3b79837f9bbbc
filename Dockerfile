# tierlens in an image: docker build -t tierlens . && docker run --rm -v "$PWD:/project:ro" tierlens check .
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE MANIFEST.in ./
COPY validator ./validator
COPY rules ./rules
COPY reports ./reports
COPY reference_stacks ./reference_stacks
RUN python -m venv /opt/tierlens && /opt/tierlens/bin/pip install --no-cache-dir .

FROM python:3.12-slim
# git serves --diff-base and tierlens diff; the project is mounted and belongs to somebody else.
RUN apt-get update && apt-get install --no-install-recommends -y git && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /project \
    && useradd --create-home --uid 10001 tierlens
COPY --from=build /opt/tierlens /opt/tierlens
ENV PATH="/opt/tierlens/bin:$PATH" PYTHONDONTWRITEBYTECODE=1
USER tierlens
WORKDIR /project
ENTRYPOINT ["tierlens"]
CMD ["--help"]
