.DEFAULT_GOAL := help
.PHONY: help demo build test chart-test fuzz static image image-test bench bench-check lint format clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Send messages to a MESH sandbox and watch them arrive in ./mesh-messages
	@scripts/demo

build: ## Build .build/release/poll-mesh-inbox
	@scripts/install-build-dependencies build
	swift build --configuration release --product poll-mesh-inbox

test: ## Install what the tests need, build everything, run all tests
	@scripts/test

chart-test: ## Check the Helm chart, and run a pod of it with podman (needs make static, and root)
	@scripts/test-chart
	@scripts/test-chart-pod

fuzz: ## Feed a million inputs to everything that reads foreign bytes
	@scripts/fuzz

static: ## Build dist/poll-mesh-inbox, one file that needs no library
	@scripts/install-build-dependencies build static
	@scripts/build-static

image: ## Build localhost/poll-mesh-inbox:dev, with Docker or (as root) with buildah
	@if docker info >/dev/null 2>&1; then scripts/build-image; else \
		scripts/install-build-dependencies containers && scripts/with-containers scripts/build-image; fi

image-test: ## Build the image without Docker and run it as Kubernetes would (as root)
	@scripts/install-build-dependencies build python containers
	@scripts/with-containers scripts/test-image

bench: ## Measure against the peer and a bare C loop; ROWS=empty,small RUNS=3 for less
	@Benchmarks/install
	@Benchmarks/bench

bench-check: ## Compare requests and instructions with their budgets; UPDATE=1 renews those
	@Benchmarks/install check
	@Benchmarks/check

lint: ## Check format, imports and scripts
	@scripts/lint

format: ## Format the Swift code in place
	swift format --in-place --parallel --recursive Package.swift Sources Tests

clean: ## Remove what was built and installed here; ./mesh-messages stays
	rm -rf .build .build-tests .build-static .build-libcurl .build-bench .build-containers .venv .venv-chart .venv-compose dist
