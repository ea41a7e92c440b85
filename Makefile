# Every command of the project. `make help` lists them. Needs python3 (3.11 to 3.13), make and git;
# whatever else is used is installed into .venv from uv.lock, and uv itself into .uv when it is
# not on PATH.

UV_VERSION := 0.13.9
PYTHON3 ?= python3
PYTHON := .venv/bin/python
DBT := .venv/bin/dbt
ENVIRONMENT := .venv/.installed

SPARK := .venv/.installed-spark
BENCH := .venv/.installed-bench
DASHBOARDS := dashboards/.venv/.installed
# the uv that installed the environment; from the folder dashboards
DASHBOARDS_UV = $$(command -v uv || echo ../.uv/bin/uv)

# Options for dbt: make build DBT_FLAGS="--vars '{max_rejected_share: 0.02}'"
DBT_FLAGS ?=
# Options for publish: make publish PUBLISH_FLAGS="--supplier S0001"
PUBLISH_FLAGS ?=
# Order lines of a benchmark: make bench SCALE=100k, 1m, 10m or 100m
SCALE ?= 1m
# Gates to run alone: make test GATES="ruff sqlfluff"
GATES ?=

.DEFAULT_GOAL := help
.PHONY: help setup build summary answers publish rollback powerbi test lint format strict-parse conventions docs demo-data check-scale check-verdicts check-grade-model check-properties check-robustness check-publish mutants dashboards dashboards-stop test-dashboards lock-dashboards test-spark spark-start spark-stop bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(ENVIRONMENT) ## Install what uv.lock names into .venv

build: $(ENVIRONMENT) ## Build and test the warehouse on the demo extracts, or on REFURB_RAW=<folder>
	@mkdir -p build
	@$(PYTHON) -m refurb_warehouse build -- $(DBT_FLAGS)
	@$(PYTHON) -m refurb_warehouse summary

summary: $(ENVIRONMENT) ## Print the verdicts on suppliers of the last build
	@$(PYTHON) -m refurb_warehouse summary

answers: $(ENVIRONMENT) ## Write docs/answers.md from the last build: each question of the brief, answered
	@$(DBT) compile --quiet --select path:analyses
	@$(PYTHON) -m refurb_warehouse answers

publish: $(ENVIRONMENT) ## Publish the last build, if it is green, to published/ or REFURB_PUBLISHED
	@$(PYTHON) -m refurb_warehouse publish $(PUBLISH_FLAGS)

rollback: $(ENVIRONMENT) ## Make the published version before the current one current again
	@$(PYTHON) -m refurb_warehouse rollback

powerbi: $(ENVIRONMENT) ## Write the Power BI semantic model of powerbi/ from the KPI catalogue
	@$(DBT) parse --quiet
	@$(PYTHON) -m refurb_warehouse powerbi

test: $(ENVIRONMENT) ## Run every gate: lint, strict parse, conventions, pytest (GATES="..." for some)
	@$(PYTHON) -m refurb_warehouse.checks.gates $(GATES)

lint: $(ENVIRONMENT) ## Check the style of Python and SQL
	@$(PYTHON) -m refurb_warehouse.checks.gates ruff format sqlfluff

strict-parse: $(ENVIRONMENT) ## Parse the dbt project with deprecations as errors
	@$(PYTHON) -m refurb_warehouse.checks.gates strict-parse

conventions: $(ENVIRONMENT) ## Check layers, keys, contracts and descriptions
	@$(PYTHON) -m refurb_warehouse.checks.gates conventions

format: $(ENVIRONMENT) ## Mend the style of Python and SQL where a tool can
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .
	@.venv/bin/sqlfluff fix $(wildcard models tests analyses) --processes 2

docs: TARGET := $${DBT_TARGET_PATH:-target}
docs: $(ENVIRONMENT) ## Write all models, and where each column comes from, as two pages in target/
	@test -f "$${REFURB_DATABASE:-build/refurb.duckdb}" || $(MAKE) build
	@$(DBT) docs generate --static $(DBT_FLAGS)
	@.venv/bin/colibri generate --manifest "$(TARGET)/manifest.json" --catalog "$(TARGET)/catalog.json" \
		--output-dir "$(TARGET)/lineage" --light --disable-telemetry
	@echo "Open $(TARGET)/static_index.html and $(TARGET)/lineage/index.html in a browser."

demo-data: $(ENVIRONMENT) ## Write the demo extracts of seeds/raw again
	@$(PYTHON) -m refurb_warehouse generate --order-lines 4000 --seed 5 --suppliers 15 \
		--categories 8 --months 18 --end 2025-12-31 --format csv --demo-dirt --out seeds/raw

check-scale: $(ENVIRONMENT) ## Check planted truth and dirt on a million order lines (some minutes)
	@REFURB_SCALE_LINES=$${REFURB_SCALE_LINES:-1000000} $(PYTHON) -m pytest -s -q \
		tests/python/test_scale.py

check-verdicts: $(ENVIRONMENT) ## Compare verdicts and projections with planted truth, write docs/why-not-a-simple-ratio.md
	@$(PYTHON) -m refurb_warehouse.checks.planted_truth

check-grade-model: $(ENVIRONMENT) ## Judge the grade model on planted truth, write the figures of docs/grade-model.md
	@$(PYTHON) -m refurb_warehouse.checks.grade_model

check-properties: $(ENVIRONMENT) ## Compare the marts with the oracle on 500 new random extracts (some minutes)
	@export REFURB_PROPERTY_EXAMPLES=$${REFURB_PROPERTY_EXAMPLES:-500} \
		REFURB_PROPERTY_SEED=$${REFURB_PROPERTY_SEED:-$$(date +%s)}; \
		echo "REFURB_PROPERTY_SEED=$$REFURB_PROPERTY_SEED draws the same extracts again"; \
		$(PYTHON) -m pytest -q tests/python/properties

check-robustness: $(ENVIRONMENT) ## Kill twenty builds at random moments and compare what the next ones make
	@REFURB_KILLS=$${REFURB_KILLS:-20} $(PYTHON) -m pytest -s -q tests/python/test_robustness.py

check-publish: $(ENVIRONMENT) ## Publish 50 times under readers, kill 20 publishes, open with old DuckDB clients
	@$(PYTHON) -m refurb_warehouse.checks.publishing

mutants: $(ENVIRONMENT) ## Change the SQL of every model, place by place: does a test notice?
	@$(PYTHON) -m refurb_warehouse.checks.mutants --report docs/mutation-report.md

dashboards: $(DASHBOARDS) ## Show the published file in Superset: four dashboards in French and English
	@$(PYTHON) -m dashboards start

dashboards-stop: $(ENVIRONMENT) ## Stop Superset
	@$(PYTHON) -m dashboards stop

test-dashboards: $(DASHBOARDS) ## Open every dashboard in Chromium: drawn, filtered, equal to SQL (some minutes)
	@$(PYTHON) -m dashboards check

lock-dashboards: $(ENVIRONMENT) ## Write dashboards/requirements.txt from requirements.in
	@cd dashboards && $(DASHBOARDS_UV) pip compile --quiet --python-version 3.11 --no-annotate \
		--no-header requirements.in --output-file requirements.txt

test-spark: $(SPARK) ## Build on a Spark cluster of this machine, kill a worker, compare with DuckDB (Java 17)
	@$(PYTHON) -m refurb_warehouse.checks.spark

spark-start: $(SPARK) ## Start a Spark cluster of this machine in build/spark: then dbt build --target spark
	@$(PYTHON) scripts/spark_cluster.py start

spark-stop: $(ENVIRONMENT) ## Stop it
	@$(PYTHON) scripts/spark_cluster.py stop

bench: $(BENCH) ## Measure a build beside one script of the same SQL, write docs/performance.md (SCALE=1m)
	@$(PYTHON) -m benchmarks --scale $(SCALE)

clean: ## Remove what was built; the environment stays
	@mkdir -p build
	@find build -mindepth 1 ! -name .gitkeep -delete
	@rm -rf target logs dbt_packages .pytest_cache .ruff_cache

# Nothing is done while pyproject.toml and uv.lock are older than the last installation.
$(ENVIRONMENT): pyproject.toml uv.lock
	@command -v $(PYTHON3) > /dev/null || { \
		echo "error: $(PYTHON3) is not on PATH: install Python 3.11, 3.12 or 3.13," >&2; \
		echo "or name one: make PYTHON3=/path/to/python3 ..." >&2; exit 1; }
	@$(PYTHON3) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo "error: $$($(PYTHON3) --version) cannot run this: it takes 3.11, 3.12 or 3.13." >&2; \
		echo "Name one of these: make PYTHON3=/path/to/python3.12 ..." >&2; exit 1; }
	@set -e; unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT; \
	uv="$$(command -v uv || true)"; \
	if [ -z "$$uv" ]; then \
		uv=.uv/bin/uv; \
		if ! "$$uv" --version 2> /dev/null | grep -q "^uv $(UV_VERSION)"; then \
			$(PYTHON3) -c 'import venv, ensurepip' 2> /dev/null || { \
				echo "error: $(PYTHON3) has no venv module. On Debian or Ubuntu:" >&2; \
				echo "apt install python3-venv. Or put uv on PATH." >&2; exit 1; }; \
			echo "Installing uv $(UV_VERSION) into .uv"; \
			$(PYTHON3) -m venv --clear .uv; \
			.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); \
		fi; \
	fi; \
	echo "Installing the environment of uv.lock into .venv"; \
	UV_PYTHON_DOWNLOADS=never "$$uv" sync --locked --quiet --compile-bytecode \
		$$(for added in spark bench; do \
			test ! -e .venv/.installed-$$added || echo --group $$added; done) \
		--python "$$($(PYTHON3) -c 'import sys; print(sys.executable)')"
	@touch $@

# Spark (600 MB) and the peers of the benchmark (900 MB) are added to the environment, and stay in it:
# a cluster runs from its files.
$(SPARK) $(BENCH): .venv/.installed-%: $(ENVIRONMENT)
	@set -e; unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT; uv="$$(command -v uv || echo .uv/bin/uv)"; \
	echo "Adding the group $* to .venv"; \
	UV_PYTHON_DOWNLOADS=never "$$uv" sync --locked --inexact --quiet --compile-bytecode --group $* \
		--python "$$($(PYTHON) -c 'import sys; print(sys._base_executable)')"
	@touch $@

# Superset has an environment of its own: it pins what dbt would not agree with.
$(DASHBOARDS): dashboards/requirements.txt | $(ENVIRONMENT)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] > (3, 12))' || { \
		echo "error: Superset takes Python 3.11 or 3.12: make setup PYTHON3=/path/to/python3.12" >&2; \
		exit 1; }
	@echo "Installing Superset into dashboards/.venv (about 900 MB)"
	@cd dashboards && unset VIRTUAL_ENV && uv="$(DASHBOARDS_UV)" && \
		"$$uv" venv --quiet --clear --python "$$(../$(PYTHON) -c 'import sys; print(sys._base_executable)')" .venv && \
		"$$uv" pip sync --quiet --python .venv/bin/python requirements.txt
	@touch $@
