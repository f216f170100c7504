# poll-mesh-inbox as one static file in an empty image. `make image` builds it, and labels it with what is linked.
ARG SWIFT_IMAGE=swift:6.3-bookworm

FROM ${SWIFT_IMAGE} AS packages
WORKDIR /src
# Each layer is built again only when something above it has changed: the distribution's libraries, libcurl, packages.
COPY scripts/install-build-dependencies scripts/
RUN scripts/install-build-dependencies build static image
COPY scripts/build-static-libcurl scripts/
RUN scripts/build-static-libcurl .build-libcurl
COPY scripts/build-static scripts/
COPY Package.swift ./
RUN scripts/build-static packages

FROM packages AS build
COPY Sources Sources
COPY scripts/make-image-root scripts/
RUN scripts/make-image-root /root-of-image

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="poll-mesh-inbox" \
      org.opencontainers.image.description="Copies the messages of an NHS MESH mailbox into Azure Blob Storage, once" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /root-of-image /
USER 65532:65532
ENTRYPOINT ["/poll-mesh-inbox"]
