# The project's tests, built to run beside the servers of docker-compose.yml.
ARG SWIFT_IMAGE=swift:6.3-bookworm
FROM ${SWIFT_IMAGE}
WORKDIR /src
COPY scripts/install-build-dependencies scripts/create-venv scripts/requirements.txt scripts/
RUN scripts/install-build-dependencies build python && scripts/create-venv
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
COPY scripts scripts
# No test has this name: everything is built, and nothing run.
RUN scripts/test --filter '^builds everything$'
ENTRYPOINT ["scripts/test"]
