# Everything that a fresh machine needs is made on the way: Python 3.10 or newer, git and make are assumed.
# `make up` installs no test tools. MEMORY=1 is short for CUMULOG_MEMORY=1, as AUTH=on is for CUMULOG_ACCESS=closed.

PYTHON ?= python3
MEMORY ?= $(CUMULOG_MEMORY)
MINISTACK := ministack==1.5.33
# With it ministack takes the template that we deploy; the tests alone need that.
SAM_TRANSLATOR := aws-sam-translator==1.115.0

# Of the stack that commands talk to.
LOCAL_URL = $(or $(URL),http://127.0.0.1:$(or $(CUMULOG_PORT),5000))

# Tests start hundreds of processes. Without Python's cache each of them would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
PY := $(VENV)/bin/python
LOCAL := infra/local
# Two processes; what shares servers stays together (tests/conftest.py), and what takes longest comes first.
SIDE_BY_SIDE := -n 2 --no-loadscope-reorder
# Everything that is fast by itself, and one file for each kind of thing that is reached through HTTP.
QUICK := tests/unit $(foreach noun,experiments registered_models,tests/api/test_$(noun).py)
# What takes seconds each is left to `make test`.
SLOWER := $(foreach file,search/test_intervals search/test_mutations access/test_effective_rights catalogue/test_manifest \
  client/test_uploads client/test_downloads client/test_processes client/test_endurance client/test_delivery \
  infra/deploy/package,--ignore=tests/unit/$(file)$(if $(findstring test_,$(file)),.py))
# MLflow is not installed for these.
WITHOUT_MLFLOW := $(foreach noun,mlflow header_provider credentials,--ignore=tests/unit/client/test_$(noun).py)
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: up demo quick test test-nightly check api-reference client bench bench-client bench-cold bench-open bench-crowd bench-page bench-search cost package deploy destroy admin-token reindex clean
# Steps of the others.
.PHONY: help engines dev dashboard

help:
	@echo "make up      serve Cumulog on this machine (CUMULOG_PORT, CUMULOG_DATA, AUTH=on, MEMORY=1)"
	@echo "make demo    train some forty real runs into the running stack (URL), to have something to look at"
	@echo "make quick   format, lint, types, unit tests and some through HTTP: half a minute, neither MLflow nor emulators"
	@echo "make test    all kinds of tests, ten minutes; of long rows of cases a sample (CUMULOG_TEST_SEED)"
	@echo "make test-nightly   every test there is, two hours"
	@echo "make check   format, lint, types, import direction, documents"
	@echo "make api-reference   write infra/docs/api.md from what the endpoints declare, and infra/docs/cli.md from the command"
	@echo "make client   write the methods of cumulog.Client from what the endpoints declare"
	@echo "make bench   speed beside mlflow server"
	@echo "make bench-client   what logging costs a training loop, beside mlflow and trackio, fifteen minutes"
	@echo "make bench-cold   how long a Lambda takes to its first reply, a minute"
	@echo "make bench-open   searches and columns of running runs beside mlflow server, fifteen minutes"
	@echo "make bench-crowd   300 running runs with pollers, and 50 clients beside mlflow server, eight minutes"
	@echo "make bench-page   the dashboard beside MLflow's own page in one browser, eight minutes"
	@echo "make bench-search   what searches cost among 1,000 to 100,000 runs, ten minutes"
	@echo "make cost    what a month on AWS costs, measured and computed, two minutes (JSON=1)"
	@echo "make package   what AWS runs, as build/template.json, build/cumulog.zip and build/site"
	@echo "make deploy STAGE=prod    put Cumulog into an AWS account (REGION, PROFILE, YES=1, PACKAGE; all settings: infra/docs/deploying.md)"
	@echo "make destroy STAGE=prod   take it away; tables and bucket stay, unless DATA=delete"
	@echo "make admin-token STAGE=prod   another token of its user admin"
	@echo "make reindex EXPERIMENT=<id>   repair a search index while it is used (URL=http://127.0.0.1:5000)"
	@echo "make clean   remove what these made; .cumulog, your data, stays"

# In memory no engine is needed, so none is installed.
up: $(VENV)/run.stamp $(if $(filter-out 0,$(MEMORY)),,engines) dashboard
	@$(if $(filter on,$(AUTH)),CUMULOG_ACCESS=closed) CUMULOG_MEMORY='$(MEMORY)' exec $(PY) -m infra.local

# Whether a stack answers is asked before minutes go into an installation.
demo: $(VENV)/run.stamp
	@$(PY) -m infra.demo.reached "$(LOCAL_URL)"
	@$(MAKE) --silent $(VENV)/dev.stamp
	@exec $(PY) -m infra.demo "$(LOCAL_URL)"

# Types are checked beside the tests.
quick: $(VENV)/quick.stamp
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy --no-error-summary & types=$$!; \
	  $(PY) -m pytest --quiet -n 2 -p no:schemathesis --hypothesis-profile=quick -m 'not slow' $(SLOWER) $(WITHOUT_MLFLOW) $(QUICK); tested=$$?; \
	  wait $$types && exit $$tested

test: dev engines dashboard
	@$(PY) -m infra.local.engines
	@$(PY) -m pytest $(SIDE_BY_SIDE)

test-nightly: dev engines dashboard
	@$(PY) -m infra.local.engines
	@CUMULOG_NIGHTLY=1 $(PY) -m pytest $(SIDE_BY_SIDE) --timeout 1800

check: $(VENV)/quick.stamp
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m ruff check --quiet .
	@$(PY) -m mypy
	@$(PY) -m pytest --quiet tests/unit/test_house.py tests/unit/infra/test_documents.py tests/unit/infra/docs tests/unit/infra/client
	@$(PY) -m infra.dashboard.check

api-reference: $(VENV)/run.stamp
	@PYTHONPATH=client/python/src $(PY) -m infra.docs

# Formatted by ruff, as all that is committed.
client: $(VENV)/quick.stamp
	@$(PY) -m infra.client

bench: dev engines
	@$(PY) -m tests.perf.bench
	@$(PY) -m tests.perf.transfers
	@$(PY) -m tests.perf.curves

bench-client: dev
	@PYTHONPATH=client/python/src $(PY) -m tests.perf.client_bench
	@PYTHONPATH=client/python/src $(PY) -m tests.perf.models_bench

bench-cold: dev engines
	@$(PY) -m tests.perf.cold_start

bench-open: dev engines
	@$(PY) -m tests.perf.open_bench; searched=$$?; $(PY) -m tests.perf.columns_bench && exit $$searched

bench-crowd: dev engines
	@$(PY) -m tests.perf.crowd_bench

bench-page: dev engines dashboard
	@$(PY) -m tests.perf.page.bench

bench-search: dev engines
	@$(PY) -m tests.perf.searches

cost: dev engines
	@$(PY) -m tests.perf.spending
	@$(PY) -m infra.cost $(if $(JSON),--json)

package: $(VENV)/run.stamp
	@$(PY) -m infra.deploy.package

# Variables of the command line, STAGE and all, are in the environment of these.
deploy destroy admin-token: $(VENV)/run.stamp
	@exec $(PY) -m infra.deploy $@

reindex: $(VENV)/python.stamp
	@$(PY) -m infra.deploy.reindex "$(LOCAL_URL)" "$(EXPERIMENT)"

clean:
	rm -rf build $(VENV) $(LOCAL)/node_modules client/dashboard/node_modules client/dashboard/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

dev: $(VENV)/dev.stamp $(VENV)/sam.stamp

# Where npm is missing, Node comes from PyPI. What hinders the installation is told here; what needs the engine refuses.
engines: $(VENV)/ministack.stamp $(VENV)/run.stamp
	@$(PY) -m infra.local.installing.engine

dashboard: $(VENV)/run.stamp
	@$(PY) -m infra.dashboard.build

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("Python 3.10 or newer is needed; name it with PYTHON=")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run.stamp: $(VENV)/python.stamp requirements.txt $(LOCAL)/requirements.txt
	@echo "Installing what the local stack needs ..."
	@$(PY) $(PIP_INSTALL) -r requirements.txt -r $(LOCAL)/requirements.txt
	@touch $@

$(VENV)/quick.stamp: $(VENV)/run.stamp requirements-test.txt
	@echo "Installing what the quick tests need ..."
	@$(PY) $(PIP_INSTALL) -r requirements-test.txt
	@# What it finds out about libraries and about us stays in its cache. Whether it is content is not asked here.
	@$(PY) -m mypy --no-error-summary >/dev/null || true
	@touch $@

$(VENV)/dev.stamp: $(VENV)/quick.stamp requirements-dev.txt
	@echo "Installing MLflow, scikit-learn and what the other tests need, some minutes ..."
	@$(PY) $(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

# ministack pins a botocore of its own, so it cannot share our environment.
$(VENV)/ministack.stamp: $(VENV)/python.stamp Makefile
	@echo "Installing the S3 engine ..."
	@$(PYTHON) -m venv $(VENV)/ministack
	@$(VENV)/ministack/bin/python $(PIP_INSTALL) '$(MINISTACK)' || { \
	  echo "cumulog: The S3 engine, $(MINISTACK), could not be installed; pip says why. Nothing would keep your artifacts." >&2; exit 2; }
	@touch $@

$(VENV)/sam.stamp: $(VENV)/ministack.stamp
	@$(VENV)/ministack/bin/python $(PIP_INSTALL) '$(MINISTACK)' '$(SAM_TRANSLATOR)'
	@touch $@
