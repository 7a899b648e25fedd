# Two commands matter: `make lab` and `make test`. Both make .venv on first use.
#   PYTHON=python3.12        which Python to make .venv with (3.10 or newer)
#   TORCH=cpu | TORCH=cuda   which build of PyTorch to install; by default what fits the machine
#   PINS=1                   install exactly the versions of constraints.txt
#   LAB="--no-browser"       more options for JupyterLab
#   CH=04 DUE="2026-12-01 12:00 UTC"   for `make assignment`: the chapter, and when it is due
#   RUN=1                    for `make pages`: run the notebooks at lesson pace, so that what they train is alive too
# A switch is off where it is empty, 0, no or false.

on = $(filter-out 0 no false,$($(1)))

PYTHON ?= python3
export PYTHON TORCH
unexport PYTHONHOME             # of another Python: with it, this one would not find its packages
NOTEBOOKS := $(wildcard notebooks/*.ipynb)
ifeq ($(OS),Windows_NT)
  VENV_PYTHON := .venv/Scripts/python.exe
else
  VENV_PYTHON := .venv/bin/python
endif

# A PYTHON that was asked for wins over the one an existing .venv was made with. A shell is handed names, $$PYTHON, and
# no values: what stands in a path would be taken for commands.
ASKED := $(filter command environment,$(firstword $(origin PYTHON)))
SETUP := "$$PYTHON" tools/setup_venv.py $(if $(ASKED),--this-python) \
         $(if $(TORCH),--torch "$$TORCH") $(if $(call on,PINS),--pins)

# Threads that wait for each other sleep soon, so that a busy program beside them does little harm: core/training/waiting.py.
ifeq ($(GOMP_SPINCOUNT)$(OMP_WAIT_POLICY),)
  export GOMP_SPINCOUNT := 1400
endif

# `make chapter mode_collapse`: the second word is a name, and no goal of its own.
ifneq ($(filter chapter control,$(firstword $(MAKECMDGOALS))),)
  NAME := $(wordlist 2,9,$(MAKECMDGOALS))
  $(wordlist 2,9,$(MAKECMDGOALS)): ; @:
endif
export NAME

.PHONY: help venv lab test lint js js-check tests unit nbval browser check sync zh chapter control links lessons pages slides quizzes student instructor assignment colab bench bench-tricks bench-modes bench-wasserstein bench-convolutional bench-modern bench-rivals bench-scaling bench-restoration bench-text bench-translation bench-molecules bench-finance bench-transfer recordings dist clean
.DEFAULT_GOAL := help

help:           ## this list
	@sed -n 's/^\([a-z-]*\): *[a-z -]*## /  make \1\t/p' Makefile | expand -t 20

venv:           ## make or refresh .venv (the others do it by themselves)
	@[ "$$("$$PYTHON" -c 'print(1)' 2>/dev/null)" = 1 ] || { \
	  echo "There is no Python here that runs as '$$PYTHON'. Install Python 3.10 or newer, or say which: make PYTHON=/path/to/python3"; exit 1; }
	@$(SETUP)

lab: venv       ## open the course in JupyterLab
	@$(VENV_PYTHON) -m jupyterlab --ServerApp.root_dir=. $(LAB) notebooks/00_start_here.ipynb

test: lint check js-check nbval tests   ## all that checks but the lessons

lint: venv      ## style, form and types of the code (ruff, mypy)
	@echo "== ruff"; $(VENV_PYTHON) -m ruff check . && $(VENV_PYTHON) -m ruff format --check -q .
	@echo "== mypy"; $(VENV_PYTHON) -m mypy

check: venv     ## the course's laws: pairs, imports, alt text, links, sizes, judged claims
	@echo "== course.py check"; $(VENV_PYTHON) tools/course.py check

js-check:       ## the controls' JavaScript: form, types, tests, and bundles of today (needs node; without it one line)
	@sh tools/js_check.sh

js:             ## rebuild the controls' bundles after a change of their JavaScript (needs node)
	@npm ci --silent && node tools/bundle.mjs

tests: venv     ## unit tests and browser tests: while the ones wait for a page, the others compute
	@echo "== unit and browser tests"
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder --durations=20 tests/unit tests/browser

unit: venv      ## unit tests
	@echo "== unit tests"; OMP_NUM_THREADS=1 $(VENV_PYTHON) -m pytest -q -n 2 --dist loadfile tests/unit

nbval: venv     ## every notebook at test pace, where asserts about results are skipped
	@echo "== notebooks at test pace"
	@$(if $(NOTEBOOKS),OMP_NUM_THREADS=1 GAN_EDU_PACE=test GAN_EDU_DRIVER=inline $(VENV_PYTHON) -m pytest -q -n 2 --dist loadfile \
	  --nbval-lax --nbval-current-env --nbval-cell-timeout=120 --nbval-sanitize-with=tests/sanitize.cfg --ignore=notebooks/zh notebooks,\
	  echo "no notebooks yet")

browser: venv   ## widgets in a real browser, network cut off (needs chromium)
	@echo "== browser tests"
	@$(if $(wildcard tests/browser/test_*.py),$(VENV_PYTHON) -m pytest -q -n 2 --dist loadfile tests/browser,echo "no browser tests yet")

sync: venv      ## carry an edit from a notebook to its script or back
	@$(VENV_PYTHON) tools/course.py sync

zh: venv        ## make the Chinese notebooks, of the English ones and of notebooks/zh/prose
	@$(VENV_PYTHON) tools/course.py zh

chapter: venv   ## begin a chapter: make chapter mode_collapse
	@$(VENV_PYTHON) tools/course.py chapter "$$NAME"

control: venv   ## begin a control: make control score_table
	@$(VENV_PYTHON) tools/course.py control "$$NAME"

links: venv     ## write badges and first cells, from pyproject.toml's address, and the maps, from notebooks/course.toml
	@$(VENV_PYTHON) tools/course.py links

lessons: venv   ## every notebook at lesson pace: asserts about results too; stores the outputs
	@$(VENV_PYTHON) tools/course.py lessons

pages: venv     ## the notebooks as web pages that need no kernel and no network
	@$(VENV_PYTHON) tools/web_pages.py $(if $(call on,RUN),--run)

slides: venv    ## the notebooks as slides with live controls, which need no kernel and no network
	@$(VENV_PYTHON) tools/web_pages.py --slides

student: venv   ## the notebooks for students, without solutions and outputs: build/student
	@$(VENV_PYTHON) tools/class_versions.py student

instructor: venv ## the notebooks for a teacher, with solutions, answers and notes: build/instructor
	@$(VENV_PYTHON) tools/class_versions.py instructor

assignment: venv ## a chapter's exercises for nbgrader: make assignment CH=04 (needs nbgrader)
	@$(VENV_PYTHON) tools/assignment.py "$$CH" $(if $(DUE),--due "$$DUE")

quizzes: venv   ## five questions a chapter, as files that Moodle and Canvas import
	@$(VENV_PYTHON) -m gan_edu quizzes

colab: venv     ## every notebook alone, beside Colab's old widgets
	@$(VENV_PYTHON) tools/colab.py

bench: venv     ## speed, memory and what the plane learns (needs chromium and two idle cores)
	@$(VENV_PYTHON) -m benchmarks

bench-tricks: venv ## which trick helps, at equal computing time (hours; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.tricks

bench-modes: venv ## how many modes are found: ring, grid, stacked digits (hours; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.modes

bench-wasserstein: venv ## what critics say and what is true, for chapter 09 (an hour; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.wasserstein

bench-convolutional: venv ## convolutional, conditional and informed GANs, for chapter 10 (hours; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.convolutional

bench-modern: venv ## from DCGAN to a modern GAN, one change at a time, for chapter 11 (hours; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.modern

bench-rivals: venv ## a GAN beside a VAE, pixel after pixel and a diffusion, for chapter 11 (hours; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.rivals

bench-scaling: venv ## what steps cost on this machine, and what larger batches do, for chapter 12 (an hour, idle cores)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.batch_sizes
	@$(VENV_PYTHON) -m benchmarks.scaling
	@$(VENV_PYTHON) -m benchmarks.streamed

bench-restoration: venv ## distortion and perception of restored digits, for chapter 13 (an hour; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.restoration

bench-text: venv ## surnames by likelihood and by three GANs, for chapter 14 (half an hour; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.text

bench-translation: venv ## keys, words and sentences found without pairs, for chapter 15 (hours; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.translation

bench-molecules: venv ## molecules with an objective, as texts and as graphs, for chapter 16 (an hour; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.molecules
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.molecule_graphs

bench-finance: venv ## markets simulated and risk said beforehand, for chapter 17 (an hour; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.finance

bench-transfer: venv ## few pictures, few labels, marks and detectors, for chapter 18 (an hour; interrupted, it goes on)
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.transfer
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.few_labels
	@OMP_NUM_THREADS=1 $(VENV_PYTHON) -m benchmarks.provenance

recordings: venv ## rebuild the shipped recordings
	@$(VENV_PYTHON) -m gan_edu record --all && $(VENV_PYTHON) tools/course.py shipped

dist: venv      ## build the wheel and the archive of sources into dist/, and look at them
	@$(VENV_PYTHON) tools/dist.py

clean:          ## remove .venv, if make made it, caches, and what was built (build, dist, pages, slides, quizzes)
	rm -rf .pytest_cache .ruff_cache .hypothesis build dist pages slides quizzes node_modules
	find . -name '.venv*' -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	@$(SETUP) --remove
