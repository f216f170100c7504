# What surrounds poll-mesh-inbox in docker-compose.yml: MESH's sandbox and client, and Azure's SDK.
ARG PYTHON_IMAGE=python:3.12-slim-bookworm
FROM ${PYTHON_IMAGE}
WORKDIR /app
COPY scripts/requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --requirement requirements.txt
COPY scripts/run_demo.py scripts/seed_sandbox.py Tests/IntegrationTests/make_certificates.py compose/seed.py \
    compose/verify.py ./
# Volumes begin as these folders are.
RUN mkdir /sent /certificates && chown 65532:65532 /sent /certificates
ENV PYTHONUNBUFFERED=1 PYTHONWARNINGS=ignore
USER 65532:65532
