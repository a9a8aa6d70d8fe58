# `make` alone lists every target with one line.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run setup test lint bench soak household faults kills composer-report train train-composer arm doctor detector look clean

BIN := .venv/bin
ARGS ?=
MINUTES ?= 60
KILLS ?= 200
RUN ?= runs/expression
COMPOSER ?= runs/composer
TRAIN = $(BIN)/moodtrain expression train --data $(DATA) $(if $(VOTES),--votes $(VOTES))
resume = $(if $(wildcard $(1)/checkpoint.pt),--resume)
# Chromium for the page's tests; libfluidsynth, a soundfont and PortAudio for the sound's.
APT := chromium libfluidsynth3 timgm6mb-soundfont libportaudio2

help: ## list every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.light ## start the box on this computer (ARGS="--camera demo --port 8081")
	@$(BIN)/moodbox simulate $(ARGS)

setup: .venv/.all ## make .venv with everything: device, training, tests

test: .venv/.all ## run every test (installs Chromium and libfluidsynth when root)
	@setup/apt.sh $(APT)
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

lint: .venv/.all ## check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy device training bench

bench: .venv/.all ## print speed, memory and accuracy, beside the inspiring projects' pipeline and public peers
	@$(BIN)/python -m bench $(ARGS)

soak: .venv/.all ## run the box for MINUTES (60), a press every 20 s, and look for leaks
	@$(BIN)/python -m bench.soak --minutes $(MINUTES) $(ARGS)

household: .venv/.all ## live a household's week with the stand-in for Spotify and print its calls, day by day
	@$(BIN)/python -m bench household

faults: .venv/.all ## let Spotify fail in every way and print what the owner sees, what plays and what is kept
	@$(BIN)/python -m bench.faults

kills: .venv/.all ## kill the box KILLS (200) times while it renews its sign-in and writes playlists
	@MOODBOX_KILLS=$(KILLS) $(BIN)/python -m pytest -q -s tests/faults/test_spotify_kills.py

composer-report: .venv/.all ## write 50 pieces a mood and report how they are heard (ARGS="--quick" for a short look)
	@$(BIN)/python -m bench.composing $(ARGS)

train: .venv/.all ## train the expression model (DATA=folder of FER2013 or fer2013.csv with VOTES=fer2013new.csv)
	@test -n "$(DATA)" || { echo "Say where FER2013 is: make train DATA=path/to/fer2013.csv VOTES=path/to/fer2013new.csv" >&2; exit 2; }
	@$(TRAIN) --out $(RUN) $(call resume,$(RUN)) $(ARGS)
	@$(TRAIN) --recipe polish --init $(RUN)/checkpoint.pt --teachers $(RUN)/checkpoint.pt --out $(RUN)-polished $(call resume,$(RUN)-polished)
	@echo "Trained: export it with $(BIN)/moodtrain expression export $(RUN)-polished/checkpoint.pt --data $(DATA)$(if $(VOTES), --votes $(VOTES))"

train-composer: .venv/.all ## train the composer's LSTM (MIDI=folders or zips of MIDI files, with commas between)
	@test -n "$(MIDI)" || { echo "Say where the MIDI files are: make train-composer MIDI=lieder_midi.zip,quartet_midi.zip" >&2; exit 2; }
	@$(BIN)/moodtrain composer train --data $(MIDI) --out $(COMPOSER) $(call resume,$(COMPOSER)) $(ARGS)
	@echo "Trained: export it with $(BIN)/moodtrain composer export $(COMPOSER)/checkpoint.pt --data $(MIDI)"

arm: .venv/.all ## run the model on emulated Raspberry Pi processors and compare (root, Debian, 1 GB; BUNDLE=folder)
	@setup/arm.sh $(BUNDLE)

doctor: .venv/.light ## check this machine and say what to do
	@$(BIN)/moodbox doctor $(ARGS)

detector: .venv/.light ## download the face detector again
	@$(BIN)/moodbox fetch-detector

look: .venv/.light ## say what is seen in pictures (ARGS="photo.jpg folder video.mp4")
	@$(BIN)/moodbox look $(ARGS)

clean: ## remove .venv and what tools left behind
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.light: device/pyproject.toml setup/venv.sh
	@setup/venv.sh light
	@touch $@

.venv/.all: device/pyproject.toml training/pyproject.toml pyproject.toml setup/venv.sh
	@setup/venv.sh all
	@touch .venv/.light $@
