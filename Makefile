# Every target finds its JDK through tools/find-jdk, as ./cairn does.

MVN = tools/mvn -B

.DEFAULT_GOAL = help
.PHONY: help test test-slow demo bench build format clean

help: ## show this list
	@echo "usage: make TARGET"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' Makefile | expand -t 14

test: ## run all tests, the format check and the architecture rules
	$(MVN) verify

test-slow: ## run the tests tagged "slow", which `make test` leaves out
	$(MVN) -Dtest.excludedGroups= -Dgroups=slow test

demo: build ## train a stack, ask it, compare it with single models, write report.html
	./examples/stories/demo.sh

bench: ## measure speed, beside the machine's limits and PyTorch; GROUPS="train stack" runs some
	@tools/bench/run $(GROUPS)

build: ## build what ./cairn starts, if sources changed
	@tools/build

format: ## format the Java sources
	$(MVN) spotless:apply

clean: ## delete everything that was built
	rm -rf target */target
