# Assay. `make` alone lists every verb.
.DEFAULT_GOAL := help
.PHONY: help up down status logs test bench soak lint format lock clean

# The system's own folders come last, so that an empty PATH works too.
export PATH := $(if $(PATH),$(PATH):)/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
PYTHON3 := $(firstword $(shell command -v python3.11 python3.12 python3.13 2>/dev/null))
RUN := cd "$(CURDIR)" && $(if $(PYTHON3),,echo "Python 3.11 is needed: apt-get install python3" >&2; exit 1;) "$(PYTHON3)" -m

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

up: ## set everything up, start the registry in the background, publish the samples (PORT=8000)
	@$(RUN) scripts.up

down: ## stop what `make up` started, and nothing else
	@$(RUN) scripts.down

status: ## what runs, its memory, its address
	@$(RUN) scripts.status

logs: ## follow the logs
	@$(RUN) scripts.logs

test: ## set everything up and run all tests, on SQLite and on PostgreSQL (ONLY=tests/vetting for some)
	@$(RUN) scripts.test

bench: ## measure speed and memory; a table here, JSON in var/bench.json
	@$(RUN) scripts.bench

soak: ## detonate N=1000 times in a row; nothing may be left, and memory stays flat
	@$(RUN) scripts.soak

lint: ## formatting, lint rules, and the direction of imports
	@$(RUN) scripts.lint

format: ## format the code
	@$(RUN) scripts.lint --fix

lock: ## resolve the dependencies anew into requirements/*.txt, with hashes
	@$(RUN) scripts.lock

clean: ## remove the environments and caches; the data in var/ stays
	@$(RUN) scripts.clean
