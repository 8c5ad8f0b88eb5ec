# The front door. Every target finds its JDK through tools/find-jdk, as ./cairn does.

MVN = tools/mvn -B

.DEFAULT_GOAL = help
.PHONY: help test test-slow demo bench build format clean

help: ## this list
	@echo "usage: make TARGET"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 14

test: ## set up and pass every test, the format check and the architecture rules
	$(MVN) verify

test-slow: ## the tests tagged "slow", which `make test` leaves out
	$(MVN) -Dtest.excludedGroups= -Dgroups=slow test

demo: build ## set up and run the main job: train a stack, ask it, compare it, write report.html
	./examples/stories/demo.sh

bench: ## measure, each figure beside its limit and its peer; GROUPS="train stack" for some
	@tools/bench/run $(GROUPS)

build: ## build what ./cairn starts, if the sources changed
	@tools/build

format: ## format the Java sources
	$(MVN) spotless:apply

clean: ## delete everything that was built
	rm -rf target */target
